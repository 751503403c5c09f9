'use client'

import { useRef, useState, useSyncExternalStore } from 'react'
import { useAppAttempt, type Self } from '../attempt/use-app-attempt'
import { useAttempt } from '../attempt/use-attempt'
import type { Names } from '../service/api'
import { attackGroups, type Attack } from './attack-groups'
import { AttackMenu } from './attack-menu'
import { GuessField, type Guess } from './guess'
import { keepOwn, useLogbook } from './logbook'
import { OwnAttacks } from './own-attacks'
import { castOf, PlaceField, type Place } from './place'
import { Score } from './score'
import { asText, fromHash, fromText } from './statements'
import { Telling } from './telling'
import { useAttacks } from './use-attacks'
import { Workbench } from './workbench'

const FIRST = 'select * from todos'

/** Ready attacks at the side, one's own in the editor, and what stopped them. */
export function BreakIn(props: { names: Names; self: Self | null }) {
  const shared = fromHash(useSyncExternalStore(onHash, hash, noHash))
  return <Attacks key={shared} first={shared ?? FIRST} {...props} />
}

const onHash = (listener: () => void) => {
  window.addEventListener('hashchange', listener)
  return () => {
    window.removeEventListener('hashchange', listener)
  }
}
const hash = () => window.location.hash
const noHash = () => ''

type Props = { first: string; names: Names; self: Self | null }

function Attacks({ first, names, self }: Props) {
  const [place, setPlace] = useState<Place>(self === null ? 'world' : 'app')
  const [text, setText] = useState(first)
  const [attack, setAttack] = useState<Attack>()
  const [guess, setGuess] = useState<Guess | null>(null)
  const { tried } = useLogbook()
  const [onApp, inWorld] = [useAppAttempt(self, names), useAttempt()]
  const attacks = useAttacks(place === 'app' ? onApp : inWorld)
  const bench = useRef<HTMLDivElement>(null)
  const isBusy = attacks.state.kind === 'running'
  const statements = fromText(text)
  const needsWorld = attack?.needsWorld === true
  const groups = attackGroups(castOf(place, self))

  /** The same attack names other users there. */
  function move(next: Place) {
    const there = attackGroups(castOf(next, self)).flatMap(({ attacks }) => attacks)
    const same = there.find(({ id }) => id === attack?.id)
    choose(same, same === undefined ? text : asText(same.sql))
    setPlace(next)
  }

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
    if (isBusy || statements === undefined || needsWorld) return
    attacks.run([{ ...(attack && { id: attack.id }), sql: statements }])
  }

  return (
    <>
      <Score />
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="grid content-start gap-2">
          {groups.map((group) => (
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
                const here = group.attacks.filter((one) => !one.needsWorld)
                attacks.run(here.map(({ id, sql }) => ({ id, sql: sendable(sql) })))
              }}
            />
          ))}
        </div>
        <div
          ref={bench}
          className="grid scroll-mt-4 grid-cols-1 content-start gap-4 self-start lg:sticky lg:top-4"
        >
          <Workbench
            intro={<PlaceField place={place} self={self} onChoose={move} />}
            text={text}
            names={names}
            canRun={!isBusy && statements !== undefined && !needsWorld}
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
            {needsWorld && (
              <p className="text-pretty text-muted-foreground">
                It names a made-up user, so it only makes sense in the scratch database.
              </p>
            )}
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
