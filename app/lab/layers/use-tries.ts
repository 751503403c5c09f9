'use client'
/** Runs one attack in each world in turn, and shows each result as soon as it is there. */
import { useRef, useState } from 'react'
import { attemptOnce } from '../attempt/attempt-once'
import type { Attempt } from '../attempt/scene'
import type { Attack } from '../break-in/attack-groups'
import { createLab, LabError } from '../service/client'
import { orderOf, type World } from './tries'

const lab = createLab('/lab/api')

export type Told = Readonly<Record<string, Attempt>>

export function useTries() {
  const [told, setTold] = useState<Told>({})
  const [running, setRunning] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  /** An attack that was chosen later replaces this one. */
  const turn = useRef(0)

  async function run({ sql }: Attack, worlds: readonly World[]) {
    const mine = ++turn.current
    setTold({})
    setProblem(null)
    try {
      for (const world of worlds) {
        setRunning(world.name)
        const statements = typeof sql === 'string' ? sql : [...sql]
        const attempt = await attemptOnce(lab, orderOf(world), statements)
        if (mine !== turn.current) return
        setTold((before) => ({ ...before, [world.name]: attempt }))
      }
      setRunning(null)
    } catch (error) {
      if (mine !== turn.current) return
      setRunning(null)
      setProblem(error instanceof LabError ? error.message : 'The lab gave no answer.')
    }
  }

  function clear() {
    turn.current++
    setTold({})
    setRunning(null)
    setProblem(null)
  }

  return { told, running, problem, run, clear }
}
