/** What has been tried in this browser, and the attacks of its user's own; a reload loses nothing of it. */
import { useSyncExternalStore } from 'react'
import { z } from 'zod'
import { DEFENCES } from '../attempt/defences'

const KEY = 'lab.break-in'
const MOST_OWN = 30

const logbook = z.object({
  /** What became of each attack, by its id. */
  tried: z.record(z.string(), z.enum([...DEFENCES, 'nothing', 'failed', 'undecided'])),
  /** SQL, newest first. */
  own: z.array(z.string()).max(MOST_OWN),
})
export type Logbook = z.infer<typeof logbook>
export type Ending = Logbook['tried'][string]

const EMPTY: Logbook = { tried: {}, own: [] }

/** Where the browser forbids storage, it lasts as long as the page. */
let current: Logbook | undefined
const listeners = new Set<() => void>()

export function useLogbook(): Logbook {
  return useSyncExternalStore(subscribe, read, () => EMPTY)
}

export function noteEnding(id: string, ending: Ending): void {
  const { tried, own } = read()
  write({ tried: { ...tried, [id]: ending }, own })
}

export function keepOwn(sql: string): void {
  const { tried, own } = read()
  write({ tried, own: [sql, ...own.filter((other) => other !== sql)].slice(0, MOST_OWN) })
}

export function forgetOwn(sql: string): void {
  const { tried, own } = read()
  write({ tried, own: own.filter((other) => other !== sql) })
}

export function startOver(): void {
  write({ ...EMPTY, own: read().own })
}

function read(): Logbook {
  current ??= stored()
  return current
}

/** An older page may have stored something else. */
function stored(): Logbook {
  try {
    return logbook.parse(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
  } catch {
    return EMPTY
  }
}

function write(next: Logbook): void {
  current = next
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Full, or forbidden.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
