'use client'

import { Dialog } from '@/app/components/ui/dialog'
import { Skeleton } from '@/app/components/ui/skeleton'
import type { ListDetails } from '@/db/queries/lists'
import { FailureNote } from './failure-note'
import { InvitationsSection } from './invitations-section'
import { LinksSection } from './links-section'
import { MemberRow } from './member-row'
import { failureMessage } from './messages'
import { useAct } from './use-act'
import { useAnswer } from './use-answer'

type Props = { list: ListDetails; onClose: () => void }

/** Who is in the list, and the ways in. What the database does not allow is not offered. */
export function ShareList({ list, onClose }: Props) {
  const { act, isBusy, failure } = useAct()
  const { answer: members, problem } = useAnswer('members', { listId: list.id })

  return (
    <Dialog title={`${list.mayOwn ? 'Share' : 'Members of'} “${list.name}”`} onClose={onClose}>
      <FailureNote failure={failure ?? (problem && failureMessage('members', problem))} />
      <section aria-labelledby="share-members" className="grid grid-cols-1 gap-2">
        <h3 id="share-members" className="text-sm font-semibold">
          Members
        </h3>
        {members ? (
          <ul role="list" className="grid grid-cols-1 gap-1">
            {members.map((member) => (
              <MemberRow
                key={member.userId}
                member={member}
                mayOwn={list.mayOwn}
                act={act}
                isBusy={isBusy}
              />
            ))}
          </ul>
        ) : (
          problem === null && <Skeleton role="status" aria-label="Loading" className="h-12" />
        )}
      </section>
      {list.mayOwn && (
        <>
          <LinksSection listId={list.id} act={act} isBusy={isBusy} />
          <InvitationsSection listId={list.id} act={act} isBusy={isBusy} />
        </>
      )}
    </Dialog>
  )
}
