'use client'
/** Runs attacks one after the other, and notes what became of each. */
import { useRef, useState } from 'react'
import type { Attempt } from '../attempt/scene'
import type { Verdict } from '../attempt/verdict'
import { stoppedBy } from '../attempt/verdict-words'
import type { Run } from '../service/api'
import { LabError } from '../service/client'
import { noteEnding, type Ending } from './logbook'

type One = { readonly id?: string; readonly sql: Run['sql'] }

export type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly of: number }
  | { readonly kind: 'told'; readonly attempts: readonly Attempt[] }
  | { readonly kind: 'problem'; readonly message: string }

export function useAttacks(attemptOne: (sql: Run['sql']) => Promise<Attempt>) {
  const [state, setState] = useState<State>({ kind: 'idle' })
  const stopping = useRef(new AbortController())
  const running = useRef(Promise.resolve())

  function run(attacks: readonly One[]) {
    const mine = (stopping.current = new AbortController())
    const show = (next: State) => {
      if (stopping.current === mine) setState(next)
    }
    show({ kind: 'running', done: 0, of: attacks.length })
    // One that nobody waits for any more may not have ended yet.
    running.current = running.current.then(() => runAll(attacks, mine.signal, show))
  }

  async function runAll(
    attacks: readonly One[],
    signal: AbortSignal,
    show: (state: State) => void,
  ): Promise<void> {
    const attempts: Attempt[] = []
    try {
      for (const { id, sql } of attacks) {
        if (signal.aborted) break
        const attempt = await attemptOne(sql)
        attempts.push(attempt)
        if (id !== undefined) noteEnding(id, endingOf(attempt.verdict))
        show({ kind: 'running', done: attempts.length, of: attacks.length })
      }
      show({ kind: 'told', attempts })
    } catch (error) {
      const message = error instanceof LabError ? error.message : 'The lab gave no answer.'
      show({ kind: 'problem', message })
    }
  }

  return {
    state,
    run,
    stop: () => {
      stopping.current.abort()
    },
    clear: () => {
      stopping.current.abort()
      stopping.current = new AbortController()
      setState({ kind: 'idle' })
    },
  }
}

function endingOf(verdict: Verdict): Ending {
  return stoppedBy(verdict) ?? (verdict.kind === 'undecided' ? verdict.kind : 'failed')
}
