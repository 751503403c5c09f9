'use client'

import { useEffect, useState } from 'react'
import type { Measurement } from '../../service/api'
import { createLab, LabError } from '../../service/client'

const lab = createLab('/lab/api')
const LOOK_MS = 400

/** A measurement, followed until it ends, and cancelled when the page is left. */
export function useMeasurement() {
  const [measurement, setMeasurement] = useState<Measurement | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const running = measurement?.state === 'running' ? measurement.measurement : null

  useEffect(() => {
    if (running === null) return
    let isLeft = false
    const look = async () => {
      try {
        const seen = await lab.measured(running)
        if (!isLeft) setMeasurement(seen)
      } catch (error) {
        if (!isLeft) setProblem(messageOf(error))
      }
    }
    const timer = setInterval(() => void look(), LOOK_MS)
    return () => {
      isLeft = true
      clearInterval(timer)
    }
  }, [running])

  useEffect(
    () => () => {
      if (running !== null) void lab.cancel(running).catch(() => undefined)
    },
    [running],
  )

  const tell = async (asked: Promise<Measurement>) => {
    setProblem(null)
    try {
      setMeasurement(await asked)
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return {
    measurement,
    problem,
    start: () => tell(lab.measure()),
    cancel: () => (running === null ? Promise.resolve() : tell(lab.cancel(running))),
  }
}

const messageOf = (error: unknown) =>
  error instanceof LabError ? error.message : 'The lab gave no answer.'
