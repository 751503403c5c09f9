'use client'

import { Skeleton } from '@/app/components/ui/skeleton'
import { Progress } from '@/app/import-export/progress'
import { Failed } from '../world/failed'
import { AnswerTable } from '../attempt/answer-table'
import type { Attempt } from '../attempt/scene'
import { VerdictCard } from '../attempt/verdict-card'
import { headingOf, stoppedBy } from '../attempt/verdict-words'
import type { Guess } from './guess'
import type { State } from './use-attacks'

type Props = { state: State; guess: Guess | null; onStop: () => void }

/** After an attack: what stopped it, and everything that the attacker was told. */
export function Telling({ state, guess, onStop }: Props) {
  return (
    <div aria-live="polite" className="grid grid-cols-1 gap-4">
      <Told state={state} guess={guess} onStop={onStop} />
    </div>
  )
}

function Told({ state, guess, onStop }: Props) {
  if (state.kind === 'idle') return null
  if (state.kind === 'problem') {
    return <Failed message={state.message} />
  }
  if (state.kind === 'running') {
    if (state.of === 1) return <Skeleton className="h-24" />
    return <Progress label="Attacks" done={state.done} of={state.of} onCancel={onStop} />
  }
  const [only] = state.attempts
  return only !== undefined && state.attempts.length === 1 ? (
    <One attempt={only} guess={guess} />
  ) : (
    <Many attempts={state.attempts} />
  )
}

/** On a phone, a verdict is below the screen. */
function scrollThere(verdict: HTMLElement | null): void {
  verdict?.scrollIntoView({ block: 'nearest' })
}

function One({ attempt: { outcome, verdict }, guess }: { attempt: Attempt; guess: Guess | null }) {
  const by = stoppedBy(verdict)
  const isRight = guess === by
  const judged =
    guess === null || by === null
      ? {}
      : { guess: isRight ? 'as guessed' : `not the ${guess}, as guessed` }
  return (
    <>
      <div ref={scrollThere} className="scroll-my-4">
        <VerdictCard verdict={verdict} {...judged} />
      </div>
      <AnswerTable
        results={outcome.results}
        marked={verdict.kind === 'broke through' ? verdict.leaked : []}
      />
    </>
  )
}

/** What became of a whole group, the most frequent first. */
function Many({ attempts }: { attempts: readonly Attempt[] }) {
  const counts = new Map<string, number>()
  for (const { verdict } of attempts) {
    const heading = headingOf(verdict)
    counts.set(heading, (counts.get(heading) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return (
    <section
      aria-label="What became of them"
      className="rounded-xl border-2 border-primary bg-card p-4"
    >
      <h2 className="text-xl font-semibold">{attempts.length} attacks</h2>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {sorted.map(([heading, count]) => (
          <div key={heading} className="contents">
            <dt className="text-right text-xl font-semibold tabular-nums">{count}</dt>
            <dd className="self-center">{heading}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
