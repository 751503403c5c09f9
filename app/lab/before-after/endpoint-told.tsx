import { FileLockIcon, SkullIcon } from 'lucide-react'
import { cn } from '@/lib/cn'
import type { EndpointAnswer } from './call-endpoint'

const STATUS = { 200: '200 OK', 403: '403 Forbidden', 404: '404 Not Found' }

/** What an endpoint answered, with the rows in it that are not Bob's to see. */
export function EndpointTold({
  answer: { status, rows, leaked, isHarmed },
}: {
  answer: EndpointAnswer
}) {
  const isBreach = leaked.length > 0 || isHarmed
  const Icon = isBreach ? SkullIcon : FileLockIcon
  return (
    <div className="grid grid-cols-1 gap-2">
      <p
        className={cn(
          'flex items-center gap-2 text-lg font-semibold',
          isBreach && 'text-destructive',
        )}
      >
        <Icon aria-hidden className={cn('size-6 shrink-0', !isBreach && 'text-primary')} />
        {isBreach ? 'Leaked' : 'Nothing leaked'}
        <code className="ml-auto font-mono text-sm font-normal text-muted-foreground">
          {STATUS[status]}
        </code>
      </p>
      {rows.length > 0 && (
        <ul role="list" className="grid gap-1">
          {rows.map(({ id, task, notes }) => {
            const isLeaked = id != null && leaked.includes(id)
            return (
              <li
                key={id}
                className={cn(
                  'rounded-md px-3 py-1.5',
                  isLeaked ? 'bg-destructive/15 font-semibold' : 'bg-muted',
                )}
              >
                {task}
                {notes ? <span className="text-muted-foreground"> · {notes}</span> : null}
                {isLeaked && <span className="text-destructive"> · not Bob’s to see</span>}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
