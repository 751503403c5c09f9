'use client'

import { useRouter } from 'next/navigation'
import { Button } from '@/app/components/ui/button'
import { closeDrawer } from '@/app/shell/close-drawer'
import type { Place } from '@/app/shell/place'
import type { Invitation } from '@/db/queries/members'
import { FailureNote } from './failure-note'
import { roleNames } from './role'
import { useAct } from './use-act'

type Props = { invitations: readonly Invitation[]; place: Place }

/** Invitations to the user's verified address, to accept or to decline. */
export function MyInvitations({ invitations, place }: Props) {
  const { act, isBusy, failure } = useAct(place)
  const router = useRouter()

  async function accept(invitationId: string, button: HTMLElement) {
    const result = await act('joinByInvitation', { invitationId })
    if (!result.ok) return
    closeDrawer(button)
    router.push(`/${place}/lists/${result.value.listId}`)
  }

  if (invitations.length === 0 && failure === null) return null
  return (
    <section aria-label="Invitations" className="grid gap-2">
      <FailureNote failure={failure} />
      {invitations.map(({ id, listName, role }) => (
        <div key={id} className="grid gap-2 rounded-lg border bg-muted p-3 text-sm">
          <p className="wrap-anywhere">
            You are invited to <bdi className="font-medium">{listName}</bdi> ({roleNames[role]}).
          </p>
          <div className="flex gap-2">
            <Button
              className="h-11 flex-1 px-3"
              aria-label={`Join ${listName}`}
              disabled={isBusy}
              onClick={({ currentTarget }) => void accept(id, currentTarget)}
            >
              Join
            </Button>
            <Button
              variant="outline"
              className="h-11 px-3"
              aria-label={`Decline ${listName}`}
              disabled={isBusy}
              onClick={() => void act('deleteInvitation', { id })}
            >
              Decline
            </Button>
          </div>
        </div>
      ))}
    </section>
  )
}
