import { CircleCheckIcon, CircleIcon } from 'lucide-react'
import type { Answer } from './exchange'

export function Rows({ rows }: { rows: NonNullable<Answer['rows']> }) {
  return (
    <ul role="list" className="grid gap-2 text-sm">
      {rows.map(({ task, is_complete: isComplete }) => (
        <li key={task} className="flex items-center gap-2">
          {isComplete ? (
            <CircleCheckIcon aria-label="Done" className="size-4 shrink-0 text-primary" />
          ) : (
            <CircleIcon aria-label="Open" className="size-4 shrink-0 text-muted-foreground" />
          )}
          {task}
        </li>
      ))}
    </ul>
  )
}
