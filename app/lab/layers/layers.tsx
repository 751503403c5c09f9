'use client'

import { LayersIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Failed } from '../world/failed'
import { AnswerTable } from '../attempt/answer-table'
import { VerdictCard } from '../attempt/verdict-card'
import { asText } from '../break-in/statements'
import type { Layer } from '../service/api'
import { LayerChoice } from './layer-choice'
import { FIRST, worldsWith, type Try } from './tries'
import { TryChoice } from './try-choice'
import { useTries } from './use-tries'
import { WorldTable } from './world-table'

/** One attack in many worlds: in each, some layer is missing. */
export function Layers() {
  const [chosen, setChosen] = useState<Try>(FIRST)
  const [missing, setMissing] = useState<readonly Layer[]>([])
  const [shown, setShown] = useState<string | null>(null)
  const { told, isRunning, problem, run, clear } = useTries()
  const worlds = worldsWith(missing)
  // Unless another is chosen, the first leak.
  const leak = worlds.find(({ name }) => told[name]?.verdict.kind === 'broke through')
  const seen = shown ?? leak?.name ?? null
  const attempt = seen === null ? undefined : told[seen]

  function start() {
    setShown(null)
    void run(chosen.attack, worlds)
  }

  return (
    <div className="grid grid-cols-1 gap-5">
      <TryChoice
        chosen={chosen}
        onChoose={(one) => {
          clear()
          setShown(null)
          setChosen(one)
        }}
      />
      <div className="flex flex-wrap items-center gap-3">
        <pre className="min-w-0 flex-1 basis-72 rounded-lg border bg-card p-3 font-mono text-sm wrap-anywhere whitespace-pre-wrap">
          {asText(chosen.attack.sql)}
        </pre>
        <Button size="lg" disabled={isRunning} onClick={start}>
          <LayersIcon aria-hidden /> Attack every world
        </Button>
      </div>
      {problem !== null && <Failed message={problem} />}
      <WorldTable
        worlds={worlds}
        told={told}
        isRunning={isRunning}
        shown={seen}
        onShow={setShown}
      />
      {attempt !== undefined && (
        <section
          key={seen}
          // It is below the screen when it is asked for.
          ref={shown === null ? undefined : scrollThere}
          aria-label={`In the world: ${seen ?? ''}`}
          className="grid scroll-my-4 grid-cols-1 gap-4"
        >
          <VerdictCard verdict={attempt.verdict} />
          <AnswerTable
            results={attempt.outcome.results}
            marked={attempt.verdict.kind === 'broke through' ? attempt.verdict.leaked : []}
          />
        </section>
      )}
      <LayerChoice missing={missing} onChange={setMissing} />
    </div>
  )
}

function scrollThere(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: 'nearest' })
}
