'use client'
import { useCallback, useRef } from 'react'
import type { Run } from '../service/api'
import { useWorld } from '../world/world'
import { openScene, type Attempt, type Scene } from './scene'

/** Attempts attacks in the world around, one after the other. */
export function useAttempt(): (sql: Run['sql']) => Promise<Attempt> {
  const inWorld = useWorld()
  const scene = useRef<Scene>(null)
  return useCallback(
    (sql) =>
      inWorld(async (lab, world) => {
        // The world may be another than last time: one that nobody uses is dropped.
        if (scene.current?.world !== world) scene.current = await openScene(lab, world)
        return scene.current.attempt(sql)
      }),
    [inWorld],
  )
}
