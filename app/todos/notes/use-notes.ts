'use client'
/**
 * Notes being typed: they are handed over when the typing pauses, and at once when their field or the page
 * disappears. From then on the outbox keeps them, over a reload and without a network.
 */
import { useCallback, useEffect, useRef, useState } from 'react'

/** Long enough that a sentence is one change, short enough that nobody waits for it. */
const PAUSE_MS = 1_000

export function useNotes(saved: string, onSave: (notes: string) => void) {
  const [typed, setTyped] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const waiting = useRef<string | null>(null)
  const latest = useRef({ saved, onSave })
  useEffect(() => {
    latest.current = { saved, onSave }
  })

  const handOver = useCallback(() => {
    clearTimeout(timer.current)
    const notes = waiting.current
    waiting.current = null
    if (notes !== null && notes !== latest.current.saved) latest.current.onSave(notes)
  }, [])

  useEffect(() => {
    // Before a reload, and before a phone ends a page that it has hidden.
    window.addEventListener('pagehide', handOver)
    document.addEventListener('visibilitychange', handOver)
    return () => {
      window.removeEventListener('pagehide', handOver)
      document.removeEventListener('visibilitychange', handOver)
      // Also when the details are closed with a key, or the todo disappears under them.
      handOver()
    }
  }, [handOver])

  function type(notes: string) {
    setTyped(notes)
    waiting.current = notes
    clearTimeout(timer.current)
    timer.current = setTimeout(handOver, PAUSE_MS)
  }

  /** Once the field is left, it shows what is saved, also by others. */
  function leave() {
    handOver()
    setTyped(null)
  }

  return { notes: typed ?? saved, type, leave }
}
