'use client'
/** Runs attacks as Bob, one after the other, and notes what became of each. */
import { useRef, useState } from 'react'
import type { Attempt } from '../attempt/scene'
import { useAttempt } from '../attempt/use-attempt'
import { stoppedBy } from '../attempt/verdict-words'
import type { Run } from '../service/api'
import { LabError } from '../service/client'
import { noteEnding } from './logbook'

type One = { readonly id?: string; readonly sql: Run['sql'] }

export type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly of: number }
  | { readonly kind: 'told'; readonly attempts: readonly Attempt[] }
  | { readonly kind: 'problem'; readonly message: string }

export function useAttacks() {
  const attemptOne = useAttempt()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const stopping = useRef(new AbortController())

  async function run(attacks: readonly One[]) {
    const { signal } = (stopping.current = new AbortController())
    const attempts: Attempt[] = []
    setState({ kind: 'running', done: 0, of: attacks.length })
    try {
      for (const { id, sql } of attacks) {
        if (signal.aborted) break
        const attempt = await attemptOne(sql)
        attempts.push(attempt)
        if (id !== undefined) noteEnding(id, stoppedBy(attempt.verdict) ?? 'failed')
        setState({ kind: 'running', done: attempts.length, of: attacks.length })
      }
      setState({ kind: 'told', attempts })
    } catch (error) {
      const message = error instanceof LabError ? error.message : 'The lab gave no answer.'
      setState({ kind: 'problem', message })
    }
  }

  return {
    state,
    run,
    stop: () => {
      stopping.current.abort()
    },
    clear: () => {
      setState({ kind: 'idle' })
    },
  }
}
