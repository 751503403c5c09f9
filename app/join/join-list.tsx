'use client'

import { useRouter } from 'next/navigation'
import { Button, buttonClass } from '@/app/components/ui/button'
import { Skeleton } from '@/app/components/ui/skeleton'
import { FailureNote } from '@/app/lists/failure-note'
import { failureMessage } from '@/app/lists/messages'
import { useAct } from '@/app/lists/use-act'
import { useAnswer } from '@/app/lists/use-answer'
import type { Place } from '@/app/shell/place'
import type { ListRole } from '@/db/schema/list-members'
import { useAccount, useIsSignedOut } from '@/lib/auth/account'
import { JoinMessage } from './join-message'
import { forgetJoinSecret, useJoinSecret } from './use-join-secret'

/** Joins the list that the address leads to, when its visitor says so. Only the database knows whether the secret is right. */
export function JoinList({ listId, place }: { listId: string; place: Place }) {
  const secret = useJoinSecret(listId)
  const account = useAccount()
  const isSignedOut = useIsSignedOut()
  const router = useRouter()
  if (secret === null) {
    return (
      <JoinMessage title="This link is not complete">
        Its last part, after the #, is missing. Copy the whole link, or ask for a new one.
      </JoinMessage>
    )
  }
  if (isSignedOut) {
    const query = `?redirect_url=${encodeURIComponent(`/join/${listId}`)}`
    return (
      <JoinMessage title="You are invited to a shared list">
        Sign in to join it. Then you come back here.
        <div className="mt-6 flex flex-wrap justify-center gap-3">
          {/* Full page loads, which also end a stale session. */}
          <a href={`/sign-in${query}`} className={buttonClass({ size: 'lg' })}>
            Sign in
          </a>
          <a href={`/sign-up${query}`} className={buttonClass({ size: 'lg', variant: 'outline' })}>
            Sign up
          </a>
        </div>
      </JoinMessage>
    )
  }
  if (secret === undefined || account === null) {
    return loading
  }
  return (
    <Invitation
      name={account.name}
      secret={secret}
      onJoined={(joined) => {
        forgetJoinSecret(listId)
        router.replace(`/${place}/lists/${joined}`)
      }}
    />
  )
}

const loading = (
  <div role="status" aria-label="Loading" className="grid w-full max-w-sm gap-4">
    <Skeleton className="h-8" />
    <Skeleton className="h-11" />
  </div>
)

type InvitationProps = {
  /** What the list's members will call the user. */
  name: string
  secret: string
  onJoined: (listId: string) => void
}

/** Which list it is, whose, and what one will be there: the database tells those who have the secret. */
function Invitation({ name, secret, onJoined }: InvitationProps) {
  // From the browser, wherever else SQL runs: Next's dev server prints the arguments of server actions.
  const { act, isBusy, failure } = useAct('browser')
  const { answer: list, problem } = useAnswer('previewLink', { secret }, { place: 'browser' })

  async function join() {
    const result = await act('joinByLink', { secret })
    if (result.ok) onJoined(result.value.listId)
  }

  if (!list) {
    if (problem === null) return loading
    return (
      <JoinMessage title="This link does not open">
        {failureMessage('previewLink', problem)}
      </JoinMessage>
    )
  }
  return (
    <JoinMessage
      title={
        <>
          You are invited to <bdi>{list.name}</bdi>
        </>
      }
    >
      {list.ownerName !== '' && (
        <>
          The list of <bdi className="font-medium text-foreground">{list.ownerName}</bdi>.{' '}
        </>
      )}
      {rights[list.role]} Its members will see you as{' '}
      <bdi className="font-medium text-foreground">{name}</bdi>.
      <div className="mt-6 grid justify-items-center gap-4">
        <FailureNote failure={failure} />
        <Button size="lg" disabled={isBusy} onClick={() => void join()}>
          Join the list
        </Button>
      </div>
    </JoinMessage>
  )
}

const rights: Record<ListRole, string> = {
  owner: 'It will be yours, too.',
  editor: 'You will see it, and change it.',
  viewer: 'You will see it, and change nothing.',
}
