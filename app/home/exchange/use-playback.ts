import { useEffect, useState, useSyncExternalStore } from 'react'

const STEP_MS = 2_000
const never = () => () => undefined

/** The steps of a recording: all of it is shown until someone plays it or goes back. */
export function usePlayback(last: number) {
  const [step, setStep] = useState(last)
  const [isPlaying, setPlaying] = useState(false)
  const isReady = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )

  useEffect(() => {
    if (!isPlaying) return
    const timer = setTimeout(() => {
      setStep(step + 1)
      if (step + 1 === last) setPlaying(false)
    }, STEP_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [isPlaying, step, last])

  return {
    step,
    isReady,
    play: () => {
      setStep(0)
      setPlaying(true)
    },
    goTo: (next: number) => {
      setPlaying(false)
      setStep(next)
    },
  }
}
