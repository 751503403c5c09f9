/** What can be undone: each offer stands for a few seconds, and longer while the user is about to take it. */
import type { Todo } from '@/db/queries/todos'
import type { Change, ChangedTodo } from './change'
import { inverse } from './inverse'
import type { Outbox } from './outbox/outbox'

export const UNDO_MS = 6_000

export type Offer = {
  readonly id: string
  readonly label: string
  readonly change: Change
  readonly before: ReadonlyMap<string, Todo>
}

type Parts = {
  readonly outbox: Pick<Outbox, 'add' | 'takeBack'>
  /** The rows that the database has answered to an entry, waiting for them if it was sent; null if there are none. */
  readonly answerTo: (entryId: string, isSent: boolean) => Promise<ChangedTodo[] | null>
}

export type Undo = ReturnType<typeof createUndo>

export function createUndo({ outbox, answerTo }: Parts) {
  const listeners = new Set<() => void>()
  let offers: readonly Offer[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function set(next: readonly Offer[]) {
    offers = next
    for (const listener of listeners) listener()
  }

  /** Starts the six seconds of the newest offer again. The older ones go with it. */
  function resume() {
    clearTimeout(timer)
    if (offers.length > 0) timer = setTimeout(dismiss, UNDO_MS)
  }

  function pause() {
    clearTimeout(timer)
  }

  function dismiss() {
    clearTimeout(timer)
    set([])
  }

  function offer(added: Offer) {
    set([...offers, added])
    resume()
  }

  /** Undoes the newest change. Those before it can be undone after it. */
  async function undo(): Promise<void> {
    const last = offers.at(-1)
    if (!last) return
    set(offers.slice(0, -1))
    resume()
    // A part of it may be saved, and the rest taken back.
    const rows = await answerTo(last.id, !(await outbox.takeBack(last.id)))
    if (!rows) return
    for (const change of inverse(last.change, last.before, rows)) outbox.add(change, '')
  }

  return {
    offer,
    undo,
    pause,
    resume,
    dismiss,
    latest: () => offers.at(-1) ?? null,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
