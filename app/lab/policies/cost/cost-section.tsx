'use client'

import { GaugeIcon } from 'lucide-react'
import { Button } from '@/app/components/ui/button'
import type { Measurement } from '../../service/api'
import { Failed } from '../../world/failed'
import { Section } from '../section'
import { CostComparison } from './cost-comparison'
import { useMeasurement } from './use-measurement'

/** Measured on this machine, on request. */
export function CostSection() {
  const { measurement, problem, start, cancel } = useMeasurement()
  const isRunning = measurement?.state === 'running'
  return (
    <Section
      title="What two parentheses cost"
      lead="The same policy in two forms: one asks who the user is for every row, the other once. Both are right. Measure them on a million rows, 120 of which are the user’s."
    >
      {!isRunning && (
        <Button className="justify-self-start" onClick={() => void start()}>
          <GaugeIcon aria-hidden />
          {measurement === null ? 'Measure on a million rows' : 'Measure again'}
        </Button>
      )}
      {problem !== null && <Failed message={problem} />}
      <div aria-live="polite" className="empty:absolute">
        {measurement?.state === 'cancelled' && <p>Cancelled. The rows are gone.</p>}
        {measurement?.state === 'failed' && <Failed message="The measurement failed." />}
      </div>
      {isRunning && <Progress measurement={measurement} onCancel={() => void cancel()} />}
      {measurement !== null && measurement.perRow.ms.length > 0 && (
        <CostComparison measurement={measurement} />
      )}
    </Section>
  )
}

function Progress({
  measurement: { doing, rowsMade, rows },
  onCancel,
}: {
  measurement: Measurement
  onCancel: () => void
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div
        role="progressbar"
        aria-label="Rows made"
        aria-valuenow={rowsMade}
        aria-valuemax={rows}
        className="h-3 min-w-48 flex-1 overflow-hidden rounded-full bg-muted"
      >
        <div className="h-full bg-primary" style={{ width: `${(100 * rowsMade) / rows}%` }} />
      </div>
      <span role="status" className="min-w-64 font-mono text-sm wrap-anywhere">
        {doing}
        {rowsMade < rows && `: ${rowsMade.toLocaleString('en')} of ${rows.toLocaleString('en')}`}
      </span>
      <Button variant="outline" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}
