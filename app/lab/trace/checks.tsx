import { CheckIcon, XIcon } from 'lucide-react'
import { timeOf } from './summary'
import type { TraceStep } from './trace'

type Checked = Extract<TraceStep, { step: 'checks' }>['checks']

/** The checks that a token passed, and the one that it failed. */
export function Checks({ checks }: { checks: Checked }) {
  return (
    <ol role="list" className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
      {checks.map(({ check, ms, passed }) => (
        <li key={check} className="flex items-center gap-2">
          {passed ? (
            <CheckIcon aria-label="Passed" className="size-5 shrink-0 text-primary" />
          ) : (
            <XIcon aria-label="Failed" className="size-5 shrink-0 text-destructive" />
          )}
          <span className="flex-1">{check}</span>
          <span className="text-sm text-muted-foreground tabular-nums">{timeOf(ms)}</span>
        </li>
      ))}
    </ol>
  )
}
