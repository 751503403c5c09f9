/** Reads the lists' counts again when todos have changed, and every right when a change of one was refused. */
import { useEffect } from 'react'
import type { OutboxState } from '@/app/todos/outbox/outbox'
import { useAccount } from '@/lib/auth/account'
import { askAgain, countAgain } from './use-answer'

/** Counts wait for a pause in typing and ticking: server actions run one after another. */
const PAUSE_MS = 500

export function useAskAgain({ entries }: OutboxState): void {
  const userId = useAccount()?.id
  const refused = entries.filter(({ problem }) => problem === 'refused' || problem === 'gone')

  useEffect(() => {
    if (refused.length > 0) void askAgain()
  }, [refused.length])

  useEffect(() => {
    if (userId === undefined) return
    // Of todos/todo-store.ts, which tells every other channel what was saved, those of its own tab included.
    const saved = new BroadcastChannel(`todos:${userId}`)
    let pause: ReturnType<typeof setTimeout> | undefined
    saved.onmessage = () => {
      clearTimeout(pause)
      pause = setTimeout(() => void countAgain(), PAUSE_MS)
    }
    return () => {
      clearTimeout(pause)
      saved.close()
    }
  }, [userId])
}
