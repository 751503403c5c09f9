'use client'

import { createContext, use, useCallback, useEffect, useRef, type ReactNode } from 'react'
import type { NewWorld } from '../service/api'
import { createLab, LabError, type Lab } from '../service/client'

const lab = createLab('/lab/api')

/** Runs `work` in the world around; the first makes it. */
export type InWorld = <T>(work: (lab: Lab, world: string) => Promise<T>) => Promise<T>

const Context = createContext<InWorld | null>(null)

/** One world for all that is inside: made when it is first needed, and given back when the page is left. */
export function World({ order, children }: { order: NewWorld; children: ReactNode }) {
  const made = useRef<Promise<string>>(null)
  const first = useRef(order)

  useEffect(() => {
    const giveBack = () => {
      void made.current?.then((world) => lab.drop(world)).catch(() => undefined)
      made.current = null
    }
    window.addEventListener('pagehide', giveBack)
    return () => {
      window.removeEventListener('pagehide', giveBack)
      giveBack()
    }
  }, [])

  const inWorld = useCallback<InWorld>(async (work) => {
    const world = () =>
      (made.current ??= lab.makeWorld(first.current).then(
        (shown) => shown.world,
        (error: unknown) => {
          // The next to ask tries again.
          made.current = null
          throw error
        },
      ))
    try {
      return await work(lab, await world())
    } catch (error) {
      if (!(error instanceof LabError) || error.status !== 404) throw error
      // It was idle for too long, and is gone.
      made.current = null
      return work(lab, await world())
    }
  }, [])

  return <Context value={inWorld}>{children}</Context>
}

export function useWorld(): InWorld {
  const inWorld = use(Context)
  if (inWorld === null) throw new Error('useWorld needs a World around it')
  return inWorld
}
