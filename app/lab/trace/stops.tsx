'use client'

import { CircleCheckIcon, OctagonXIcon } from 'lucide-react'
import { useId, useState, type CSSProperties } from 'react'
import { Button } from '@/app/components/ui/button'
import { cn } from '@/lib/cn'
import type { TracedAnswer } from './send-traced'
import { StopDetails } from './stop-details'
import { counted, summaryOf, timeOf, TITLES } from './summary'
import type { Trace, TraceStep } from './trace'

/** An answer, and of its token what is not in the trace. */
export type Shown = Omit<TracedAnswer, 'trace' | 'code'> & { readonly signature: string }

type Props = { trace: Trace; answer: Shown }

/** The stops of one request, which light up in order; one of them is open. Keyed by its request. */
export function Stops({ trace, answer }: Props) {
  const refused = trace.findIndex((step) => step.refused !== undefined)
  const [open, setOpen] = useState(refused === -1 ? 0 : refused)
  const { status, ms, rows, message } = answer
  const move = (by: number) => () => {
    setOpen(open + by)
  }
  return (
    <section aria-label="The stops of the request" className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="flex min-w-0 flex-1 flex-wrap gap-x-3 text-lg wrap-anywhere">
          <strong className="font-semibold">
            {message === undefined ? counted(rows.length, 'row') : 'Refused'}
          </strong>
          <span className="text-muted-foreground tabular-nums">
            HTTP {status}, {timeOf(ms)}
          </span>
        </p>
        <Button variant="outline" disabled={open === 0} onClick={move(-1)}>
          Previous stop
        </Button>
        <Button variant="outline" disabled={open === trace.length - 1} onClick={move(1)}>
          Next stop
        </Button>
      </div>
      <ol
        role="list"
        // The last row takes what the details need, so that the stops stay together.
        style={{ gridTemplateRows: `repeat(${trace.length}, auto) 1fr` }}
        className="grid grid-cols-1 content-start lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] lg:gap-x-5"
      >
        {trace.map((step, index) => (
          <Stop
            key={step.step}
            {...{ step, index, answer }}
            rows={trace.length + 1}
            isOpen={index === open}
            onOpen={() => {
              setOpen(index)
            }}
          />
        ))}
      </ol>
    </section>
  )
}

type StopProps = {
  step: TraceStep
  index: number
  /** Of the column, all of which the details may use. */
  rows: number
  answer: Shown
  isOpen: boolean
  onOpen: () => void
}

function Stop({ step, index, rows, answer, isOpen, onOpen }: StopProps) {
  const id = useId()
  const isRefused = step.refused !== undefined
  const Icon = isRefused ? OctagonXIcon : CircleCheckIcon
  return (
    // Its button is in the first column and its details are in the second, or below it on a narrow screen.
    <li className="contents">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={onOpen}
        style={{ animationDelay: `${index * 90}ms` }}
        className={cn(
          'light-up flex min-h-11 cursor-pointer items-center gap-3 rounded-md border px-3 py-0.5 text-left lg:col-start-1',
          isOpen
            ? 'bg-card shadow-sm forced-colors:outline-2'
            : 'border-transparent hover:bg-accent',
        )}
      >
        <Icon
          aria-label={isRefused ? 'Refused' : 'Passed'}
          className={cn('size-5 shrink-0', isRefused ? 'text-destructive' : 'text-primary')}
        />
        <span className="min-w-0 flex-1 leading-tight">
          <span className="block font-medium">{TITLES[step.step]}</span>
          <span
            className={cn(
              'line-clamp-2 block text-sm wrap-anywhere',
              isRefused ? 'text-destructive' : 'text-muted-foreground',
            )}
          >
            {summaryOf(step)}
          </span>
        </span>
        <span className="text-sm text-muted-foreground tabular-nums">{timeOf(step.ms)}</span>
      </button>
      <div
        id={id}
        hidden={!isOpen}
        style={{ '--rows': rows } as CSSProperties}
        className="my-1 rounded-xl border bg-card p-4 sm:p-5 lg:col-start-2 lg:my-0 lg:row-[1/span_var(--rows)] lg:self-start"
      >
        <StopDetails step={step} answer={answer} />
      </div>
    </li>
  )
}
