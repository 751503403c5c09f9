'use client'

import { useRouter } from 'next/navigation'
import { Button, buttonClass } from '@/app/components/ui/button'
import { Skeleton } from '@/app/components/ui/skeleton'
import { FailureNote } from '@/app/lists/failure-note'
import { useAct } from '@/app/lists/use-act'
import type { Place } from '@/app/shell/place'
import { useAccount, useIsSignedOut } from '@/lib/auth/account'
import { JoinMessage } from './join-message'
import { forgetJoinSecret, useJoinSecret } from './use-join-secret'

/**
 * Joins the list that the address leads to, when its visitor says so. Only the database knows whether the
 * secret is right: before that, nothing about the list is shown.
 */
export function JoinList({ listId, place }: { listId: string; place: Place }) {
  const secret = useJoinSecret(listId)
  const account = useAccount()
  const isSignedOut = useIsSignedOut()
  const router = useRouter()
  // From the browser, wherever else SQL runs: Next's dev server prints the arguments of server actions.
  const { act, isBusy, failure } = useAct('browser')

  async function join(withSecret: string) {
    const result = await act('joinByLink', { secret: withSecret })
    if (!result.ok) return
    forgetJoinSecret(listId)
    router.replace(`/${place}/lists/${result.value.listId}`)
  }

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
    return (
      <div role="status" aria-label="Loading" className="grid w-full max-w-sm gap-4">
        <Skeleton className="h-8" />
        <Skeleton className="h-11" />
      </div>
    )
  }
  return (
    <JoinMessage title="You are invited to a shared list">
      Its members will see you as <bdi className="font-medium text-foreground">{account.name}</bdi>.
      <div className="mt-6 grid justify-items-center gap-4">
        <FailureNote failure={failure} />
        <Button size="lg" disabled={isBusy} onClick={() => void join(secret)}>
          Join the list
        </Button>
      </div>
    </JoinMessage>
  )
}
