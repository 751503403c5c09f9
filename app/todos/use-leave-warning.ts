import { useEffect } from 'react'
import type { OutboxState } from './outbox/outbox'

/**
 * The browser asks before it closes or reloads the page while a change is on its way, or if a change would be lost
 * because the browser keeps nothing. Other changes wait in the outbox and are there again later.
 */
export function useLeaveWarning({ entries, isSending, isKept }: OutboxState): void {
  const isNeeded = isSending || (!isKept && entries.length > 0)
  useEffect(() => {
    if (!isNeeded) return
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => {
      window.removeEventListener('beforeunload', ask)
    }
  }, [isNeeded])
}
