import { useEffect, useState } from 'react'
import { listen } from '@/lib/listen'
import { callProblem, failed, succeeded } from '@/lib/problem'
import { openLive, readAnswer, readRefusal, Refused, type PersonsAnswer, type TokenOf } from './ask'

export type Live =
  | { state: 'waiting' }
  /** `version` counts the answers, so that a new one can be shown as such. */
  | { state: 'answered'; answer: PersonsAnswer; version: number }
  | { state: 'refused'; message: string }

/** The answer to a statement as one person, kept up to date. */
export function useLiveAnswer(tokenOf: TokenOf, sql: string): Live {
  const [live, setLive] = useState<{ sql: string; live: Live }>({ sql, live: WAITING })

  useEffect(() => {
    let version = 0
    const show = (shown: Live) => {
      setLive({ sql, live: shown })
    }
    return listen({
      open: async (lastEventId, signal) => {
        try {
          return succeeded(await openLive(tokenOf, sql, lastEventId, signal))
        } catch (error) {
          if (!(error instanceof Refused)) return failed(callProblem(error))
          show({ state: 'refused', message: error.message })
          return failed('refused')
        }
      },
      onAnswer: (data) => {
        show({ state: 'answered', answer: readAnswer(data), version: ++version })
      },
      problemOf: (data) => {
        show({ state: 'refused', message: readRefusal(data) })
        return Promise.resolve('refused')
      },
    })
  }, [tokenOf, sql])

  return live.sql === sql ? live.live : WAITING
}

const WAITING: Live = { state: 'waiting' }
