'use client'

import { Button } from '@/app/components/ui/button'
import { failureMessage } from './messages'
import { hasFailed } from './outbox/entry'
import { useTodoStore } from './todos-provider'
import type { Todos } from './use-todos'

/**
 * Says that changes were not saved: to a screen reader in any case, on screen from the second one on. Each has
 * its reason, and what can be done, in its own row.
 */
export function FailureSummary({ list }: { list: Todos }) {
  const { outbox } = useTodoStore()
  const failed = list.outbox.entries.filter(hasFailed)
  const [first, ...others] = failed
  if (!first) return null
  if (others.length === 0) {
    return (
      <p role="alert" className="sr-only">
        {failureMessage(first)}
      </p>
    )
  }
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center justify-between gap-x-3 border-t bg-destructive/5 px-4 py-1 text-sm sm:px-5"
    >
      <p className="font-medium">{failed.length} changes were not saved.</p>
      <Button variant="link" className="-mr-3 h-11 px-3" onClick={outbox.retryAll}>
        Retry all
      </Button>
    </div>
  )
}
