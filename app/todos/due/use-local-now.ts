'use client'
/** The user's clock, to the minute. One timer for all who look at it. */
import { useSyncExternalStore } from 'react'
import { localNow, type LocalNow } from './due'

let now: LocalNow | null = null
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** Null on the server, and while a page from there becomes interactive: the server does not know the time zone. */
export function useLocalNow(): LocalNow | null {
  return useSyncExternalStore(subscribe, read, () => null)
}

/** The day on the user's clock: it changes at midnight, and not every minute. */
export function useLocalDay(): string | null {
  return useSyncExternalStore(
    subscribe,
    () => read().day,
    () => null,
  )
}

function read(): LocalNow {
  return (now ??= localNow())
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    tick()
    document.addEventListener('visibilitychange', tick)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/** Timers of a hidden page, or of a laptop that sleeps, are late: it looks again when it is seen. */
function tick() {
  clearTimeout(timer)
  timer = setTimeout(tick, 60_000 - (Date.now() % 60_000))
  const next = localNow()
  if (now?.day === next.day && now.time === next.time) return
  now = next
  for (const listener of listeners) listener()
}
