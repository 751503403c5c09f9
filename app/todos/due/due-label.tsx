'use client'

import { CalendarIcon, CircleAlertIcon } from 'lucide-react'
import { cn } from '@/lib/cn'
import { describeDue, fullDay, isOverdue, type Due } from './due'
import { useLocalNow } from './use-local-now'

/**
 * When a todo is due, in words. The server's HTML has the date, which the browser replaces by “Today” or “Fri”: on a
 * line of its own, where a shorter text moves nothing.
 */
export function DueLabel({ due, isComplete }: { due: Due; isComplete: boolean }) {
  const now = useLocalNow()
  const overdue = !isComplete && now !== null && isOverdue(due, now)
  const Icon = overdue ? CircleAlertIcon : CalendarIcon
  return (
    <time
      dateTime={due.time === null ? due.day : `${due.day}T${due.time}`}
      title={fullDay(due.day)}
      className={cn(
        'inline-flex items-center gap-1 text-sm tabular-nums',
        overdue ? 'font-medium text-destructive' : 'text-muted-foreground',
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {describeDue(due, now)}
      {overdue && ' · overdue'}
    </time>
  )
}
