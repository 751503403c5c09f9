'use client'

import { useRef, useState, useSyncExternalStore } from 'react'
import type { Names } from '../editor/sql-editor'
import { ATTACK_GROUPS, type Attack } from './attack-groups'
import { AttackMenu } from './attack-menu'
import { GuessField, type Guess } from './guess'
import { keepOwn, useLogbook } from './logbook'
import { OwnAttacks } from './own-attacks'
import { Score } from './score'
import { asText, fromHash, fromText } from './statements'
import { Telling } from './telling'
import { useAttacks } from './use-attacks'
import { Workbench } from './workbench'

const FIRST = 'select * from todos'

/** Ready attacks at the side, one's own in the editor, and what stopped them. */
export function BreakIn({ names }: { names: Names }) {
  const shared = fromHash(useSyncExternalStore(onHash, hash, noHash))
  return <Attacks key={shared} first={shared ?? FIRST} names={names} />
}

const onHash = (listener: () => void) => {
  window.addEventListener('hashchange', listener)
  return () => {
    window.removeEventListener('hashchange', listener)
  }
}
const hash = () => window.location.hash
const noHash = () => ''

function Attacks({ first, names }: { first: string; names: Names }) {
  const [text, setText] = useState(first)
  const [attack, setAttack] = useState<Attack>()
  const [guess, setGuess] = useState<Guess | null>(null)
  const { tried } = useLogbook()
  const attacks = useAttacks()
  const bench = useRef<HTMLDivElement>(null)
  const isBusy = attacks.state.kind === 'running'
  const statements = fromText(text)

  function choose(next: Attack | undefined, sql: string) {
    attacks.clear()
    setAttack(next)
    setText(sql)
    setGuess(next?.by ?? null)
    bench.current?.scrollIntoView({ block: 'nearest' })
  }

  function edit(sql: string) {
    setText(sql)
    if (attack === undefined || sql === asText(attack.sql)) return
    setAttack(undefined)
    setGuess(null)
  }

  function run() {
    if (isBusy || statements === undefined) return
    void attacks.run([{ ...(attack && { id: attack.id }), sql: statements }])
  }

  return (
    <>
      <Score />
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="grid content-start gap-2">
          {ATTACK_GROUPS.map((group) => (
            <AttackMenu
              key={group.id}
              group={group}
              tried={tried}
              chosen={attack?.id}
              isBusy={isBusy}
              onChoose={(one) => {
                choose(one, asText(one.sql))
              }}
              onTryAll={() => {
                bench.current?.scrollIntoView({ block: 'nearest' })
                void attacks.run(group.attacks.map(({ id, sql }) => ({ id, sql: sendable(sql) })))
              }}
            />
          ))}
        </div>
        <div
          ref={bench}
          className="grid scroll-mt-4 grid-cols-1 content-start gap-4 self-start lg:sticky lg:top-4"
        >
          <Workbench
            text={text}
            names={names}
            canRun={!isBusy && statements !== undefined}
            onChange={edit}
            onRun={run}
            onKeep={() => {
              keepOwn(text)
            }}
          >
            <GuessField
              guess={guess}
              expected={attack?.by ?? null}
              behind={attack?.behind ?? null}
              onGuess={setGuess}
            />
          </Workbench>
          <Telling state={attacks.state} guess={guess} onStop={attacks.stop} />
          <OwnAttacks
            onChoose={(sql) => {
              choose(undefined, sql)
            }}
          />
        </div>
      </div>
    </>
  )
}

const sendable = (sql: Attack['sql']) => (typeof sql === 'string' ? sql : [...sql])
