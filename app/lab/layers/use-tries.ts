'use client'
/** Runs one attack in each world, in some of them at once, and shows each result as soon as it is there. */
import { useRef, useState } from 'react'
import { attemptOnce } from '../attempt/attempt-once'
import type { Attempt } from '../attempt/scene'
import type { Attack } from '../break-in/attack-groups'
import { createLab, LabError } from '../service/client'
import { sideBySide } from './side-by-side'
import { orderOf, type World } from './tries'

const lab = createLab('/lab/api')

/** The service has room for 24, which all who use it share. */
const MOST_AT_ONCE = 3

export type Told = Readonly<Record<string, Attempt>>

export function useTries() {
  const [told, setTold] = useState<Told>({})
  const [isRunning, setRunning] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  /** An attack that was chosen later replaces this one. */
  const turn = useRef(0)

  async function run({ sql }: Attack, worlds: readonly World[]) {
    const mine = ++turn.current
    const statements = typeof sql === 'string' ? sql : [...sql]
    setTold({})
    setProblem(null)
    setRunning(true)
    try {
      await sideBySide(worlds, MOST_AT_ONCE, async (world) => {
        if (mine !== turn.current) return
        const attempt = await attemptOnce(lab, orderOf(world), statements)
        if (mine === turn.current) setTold((before) => ({ ...before, [world.name]: attempt }))
      })
      if (mine === turn.current) setRunning(false)
    } catch (error) {
      if (mine !== turn.current) return
      turn.current++
      setRunning(false)
      setProblem(error instanceof LabError ? error.message : 'The lab gave no answer.')
    }
  }

  function clear() {
    turn.current++
    setTold({})
    setRunning(false)
    setProblem(null)
  }

  return { told, isRunning, problem, run, clear }
}
