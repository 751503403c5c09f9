import type { Measurement } from '../../service/api'
import { Code } from '../../frame/code'
import { median } from './median'

/** Both forms side by side, each with its time and its plan, and how many times slower one is. */
export function CostComparison({
  measurement: { perRow, once, rows },
}: {
  measurement: Measurement
}) {
  const slow = median(perRow.ms)
  const fast = median(once.ms)
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 lg:grid-cols-2">
        <Form title="Asked for every row" timed={perRow} />
        <Form title="Asked once" timed={once} />
      </div>
      {slow !== undefined && fast !== undefined && (
        <p className="text-lg font-semibold">
          {Math.round(slow / fast).toLocaleString('en')} times as fast, on{' '}
          {rows.toLocaleString('en')} rows.
        </p>
      )}
    </div>
  )
}

function Form({ title, timed }: { title: string; timed: Measurement['once'] }) {
  const ms = median(timed.ms)
  return (
    <div className="grid min-w-0 content-start gap-2 rounded-lg border p-4">
      <h3 className="font-medium">{title}</h3>
      <p className="text-3xl font-semibold tabular-nums">
        {ms === undefined ? '…' : `${ms.toLocaleString('en', { maximumFractionDigits: 1 })} ms`}
      </p>
      <Code>{timed.policy}</Code>
      {timed.plan.length > 0 && <Code>{timed.plan.join('\n')}</Code>}
    </div>
  )
}
