'use client'

import { CloudOffIcon } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from '@/app/components/ui/button'
import { reason } from './messages'
import { SignInAgain } from './sign-in-again'
import type { Todos } from './use-todos'

const origins: Record<Todos['origin'], string> = {
  database: 'This list may be out of date: it could not be read again.',
  device: 'This is the list as this device last saw it.',
  outbox: 'Your todos could not be loaded.',
}

/** Says before one acts that there is no connection or no session, and that nothing is lost by it. */
export function ConnectionNotice({ list }: { list: Todos }) {
  const isOnline = useIsOnline()
  const { outbox, problem, origin } = list
  const waiting = outbox.entries.filter((entry) => entry.problem === null).length
  if (!isOnline) {
    return (
      <Notice>
        <p>
          You are offline. {origin === 'device' && `${origins.device} `}
          {waiting === 0
            ? 'What you change is kept here and saved when the connection is back.'
            : `${waiting} ${waiting === 1 ? 'change waits' : 'changes wait'} for the connection.`}
          {!outbox.isKept && ' Your browser keeps nothing, so leave this page open.'}
        </p>
      </Notice>
    )
  }
  if (outbox.isSignedOut) {
    return (
      <Notice isProblem>
        <p>{reason('signed-out')} Your changes are kept.</p>
        <SignInAgain />
      </Notice>
    )
  }
  if (problem === null) return null
  return (
    <Notice isProblem>
      <p>
        {origins[origin]} {reason(problem)}
      </p>
      {problem === 'signed-out' ? (
        <SignInAgain />
      ) : (
        <Button variant="outline" onClick={list.retry}>
          Retry
        </Button>
      )}
    </Notice>
  )
}

function Notice({
  isProblem = false,
  children,
}: {
  isProblem?: boolean
  children: React.ReactNode
}) {
  return (
    <div
      role={isProblem ? 'alert' : 'status'}
      className="flex flex-wrap items-center gap-3 border-b bg-muted px-4 py-3 text-sm sm:px-5"
    >
      <CloudOffIcon aria-hidden className="size-5 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-3">
        {children}
      </div>
    </div>
  )
}

function useIsOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const stop = new AbortController()
      window.addEventListener('online', changed, stop)
      window.addEventListener('offline', changed, stop)
      return () => {
        stop.abort()
      }
    },
    () => navigator.onLine,
    () => true,
  )
}
