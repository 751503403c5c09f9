'use client'

import { useRef, useState } from 'react'
import { LabError } from '../service/client'

export type Answer<T> =
  | { readonly state: 'none' }
  | { readonly state: 'waiting' }
  | { readonly state: 'here'; readonly value: T }
  | { readonly state: 'failed'; readonly message: string }

/** What was asked of the lab last; an answer to an earlier question that comes late is left out. */
export function useAnswer<T>(): [Answer<T>, (question: () => Promise<T>) => Promise<void>] {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'none' })
  const turn = useRef(0)

  const ask = async (question: () => Promise<T>) => {
    const mine = ++turn.current
    const tell = (told: Answer<T>) => {
      if (mine === turn.current) setAnswer(told)
    }
    tell({ state: 'waiting' })
    try {
      tell({ state: 'here', value: await question() })
    } catch (error) {
      const message = error instanceof LabError ? error.message : 'The lab gave no answer.'
      tell({ state: 'failed', message })
    }
  }
  return [answer, ask]
}
