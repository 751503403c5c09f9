/**
 * The outbox: every change that the user has made and the database has not confirmed, in order. A change leaves
 * it in two ways only: the database saved it, or the user discarded it.
 *
 * It is kept for each user on each device (storage.ts), sent one after another by one tab at a time
 * (`exclusively`), and each change may arrive twice without harm (change.ts). What fails stays, with its reason,
 * and does not hold up the others.
 */
import { mayHaveChanged, type Problem, type Result } from '@/lib/problem'
import type { Change, ChangedTodo } from '../change'
import { hasFailed, todoOf } from './entry'
import type { Entry } from './entry-schema'
import { restOf } from './rest-of'
import type { OutboxStorage } from './storage'

export type OutboxState = {
  readonly entries: readonly Entry[]
  /** Something is being sent at this moment, by this tab. */
  readonly isSending: boolean
  /** Nothing is sent until the user has signed in again. */
  readonly isSignedOut: boolean
  /** False if the browser keeps nothing: what is not saved is lost with the tab. */
  readonly isKept: boolean
}

export type OutboxParts = {
  readonly storage: OutboxStorage
  /** Runs work while no other tab does so. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** False offline, and while the page is being left: what waits then goes on waiting. */
  readonly canSend: () => boolean
  readonly send: (change: Change) => Promise<Result<ChangedTodo[]>>
  /**
   * Called before the entry disappears, so that the list can show the rows in the same render. Called for each part of
   * an entry that is sent in parts.
   */
  readonly onSaved: (entry: Entry, rows: ChangedTodo[]) => void
  /** The list may not be what it was: what is gone or in doubt has to be looked at. */
  readonly onDoubt: () => void
  readonly newId: () => string
  readonly now: () => number
}

export type Outbox = ReturnType<typeof createOutbox>

export function createOutbox(parts: OutboxParts) {
  const { storage, exclusively, canSend, send, onSaved, onDoubt } = parts
  const listeners = new Set<() => void>()
  /** Those of them that storage did not take are here only. */
  const unkept = new Map<string, Entry>()
  let state: OutboxState = {
    entries: storage.read(),
    isSending: false,
    isSignedOut: false,
    isKept: true,
  }
  let draining: Promise<void> | null = null
  let mustDrainAgain = false

  /** Other tabs write into the same storage at any time. */
  function current(): Entry[] {
    return [...storage.read(), ...unkept.values()].sort((a, b) => a.order - b.order)
  }

  function update(values: Partial<OutboxState> = {}) {
    const entries = current()
    const next = { ...state, isKept: unkept.size === 0, ...values }
    // The list on screen is made anew for other entries only.
    state = { ...next, entries: isSame(entries, state.entries) ? state.entries : entries }
    for (const listener of listeners) listener()
  }

  function keep(entry: Entry) {
    if (storage.write(entry)) {
      unkept.delete(entry.id)
    } else {
      storage.remove(entry)
      unkept.set(entry.id, entry)
    }
  }

  function drop(entry: Entry) {
    unkept.delete(entry.id)
    storage.remove(entry)
  }

  const find = (id: string) => state.entries.find((entry) => entry.id === id)

  /** Adds a change, and sends it as soon as those before it are through. */
  function add(change: Change, about: string): Entry {
    const entries = current()
    for (const entry of entries) if (supersedes(change, entry)) drop(entry)
    const last = entries.at(-1)?.order ?? 0
    // Later than every other one, also where the clock has been set back.
    const order = Math.max(parts.now(), last + 1)
    const entry: Entry = { id: parts.newId(), order, change, about, problem: null }
    keep(entry)
    update()
    void drain()
    return entry
  }

  /** Sends a failed entry again, with another change if the user edited it. */
  function retry(id: string, change?: Change) {
    const entry = find(id)
    if (!entry) return
    keep({ ...entry, change: change ?? entry.change, problem: null })
    update()
    resume()
  }

  function retryAll() {
    for (const entry of state.entries.filter(hasFailed)) keep({ ...entry, problem: null })
    update()
    resume()
  }

  /** Gives a failed change up, and what depends on it: the changes of a todo that was never added. */
  function discard(id: string) {
    const entry = find(id)
    if (!entry) return
    drop(entry)
    if (entry.change.type === 'add') {
      for (const other of state.entries) {
        if (todoOf(other.change) === entry.change.id) drop(other)
      }
    }
    update()
  }

  /** Takes a change back that was not sent yet. @returns false if it was sent, or is not there */
  function takeBack(id: string): Promise<boolean> {
    // In turn with the sending: when this runs, the entry is there, or it was sent and its outcome is known.
    return exclusively(() => {
      update()
      const entry = find(id)
      if (entry) drop(entry)
      update()
      return Promise.resolve(entry !== undefined)
    })
  }

  /** Sends everything that waits. Safe to call at any time, for instance when the network is back. */
  function drain(): Promise<void> {
    mustDrainAgain = true
    draining ??= drainInTurn().finally(() => {
      draining = null
    })
    return draining
  }

  /** Tries again after the user may have signed in. */
  function resume() {
    if (state.isSignedOut) update({ isSignedOut: false })
    void drain()
  }

  async function drainInTurn() {
    while (mustDrainAgain) {
      mustDrainAgain = false
      if (nextToSend(state.entries)) await exclusively(sendWaiting)
    }
  }

  async function sendWaiting() {
    // Another tab may have sent some of them meanwhile.
    update()
    for (;;) {
      const entry = nextToSend(state.entries)
      if (!entry || state.isSignedOut || !canSend()) return
      update({ isSending: true })
      update(settle(entry, await sendSurely(entry.change)))
    }
  }

  /** An unknown outcome becomes a known one by sending the same change again. */
  async function sendSurely(change: Change): Promise<Result<ChangedTodo[]>> {
    const result = await send(change)
    return !result.ok && result.problem === 'unknown-outcome' ? send(change) : result
  }

  function settle(entry: Entry, result: Result<ChangedTodo[]>): Partial<OutboxState> {
    if (result.ok || isDoneAlready(entry.change, result.problem)) {
      const rows = result.ok ? result.value : []
      onSaved(entry, rows)
      const rest = restOf(entry.change, rows)
      if (rest === null) drop(entry)
      else keep({ ...entry, change: rest })
    } else if (isHindered(result.problem)) {
      // It waits: for the network to come back, for the next visit, or for the user to sign in.
      return { isSending: false, isSignedOut: result.problem === 'signed-out' }
    } else {
      if (mayHaveChanged(result.problem)) onDoubt()
      keep({ ...entry, problem: result.problem })
    }
    return { isSending: false }
  }

  function isHindered(problem: Problem): boolean {
    return problem === 'signed-out' || (problem === 'unreachable' && !canSend())
  }

  return {
    add,
    retry,
    retryAll,
    discard,
    takeBack,
    drain,
    resume,
    /** Reads again what another tab has changed. */
    reread: update,
    state: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const isSame = (a: readonly Entry[], b: readonly Entry[]) =>
  a.length === b.length && a.every((entry, index) => entry === b[index])

/** A newer decision about the same thing takes the place of an older one that failed. */
function supersedes(change: Change, entry: Entry): boolean {
  return (
    hasFailed(entry) &&
    change.type !== 'add' &&
    change.type === entry.change.type &&
    todoOf(change) === todoOf(entry.change)
  )
}

/** The first one that waits. A change of a todo that could not be added waits for it. */
function nextToSend(entries: readonly Entry[]): Entry | undefined {
  const notAdded = new Set<string>()
  for (const entry of entries) {
    const { change } = entry
    if (hasFailed(entry)) {
      if (change.type === 'add') notAdded.add(change.id)
      continue
    }
    if (!('id' in change && notAdded.has(change.id))) return entry
  }
  return undefined
}

/** Deleting what is not there has reached its goal. */
function isDoneAlready(change: Change, problem: Problem): boolean {
  return change.type === 'delete' && problem === 'gone'
}
