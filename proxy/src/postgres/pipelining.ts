/**
 * Sessions at work on quick reads, on which more may be sent at once. Should one of them turn out
 * slow, those behind it are let go: nobody is held up there for longer than a moment.
 */
import type { PostgresConnection } from './connection'

/** On one session at once: with four of them, all that 32 clients ask for. */
const MAX_DEPTH = 8
/** Nobody follows so many that they are likely to take longer than this. */
const MOST_AHEAD_MS = 5
/** A session whose first flight is older is not followed. */
const FRESH_MS = 5
/**
 * Whoever follows an older one is let go, to be served elsewhere. Beyond the pauses that a busy
 * machine makes by itself: letting go doubles the work.
 */
const HELD_UP_MS = 20
/** How often that is looked for. */
const WATCH_MS = 10

export class Pipelining {
  readonly #sessions = new Set<PostgresConnection>()
  #watching: NodeJS.Timeout | undefined

  add(session: PostgresConnection): void {
    this.#sessions.add(session)
  }

  delete(session: PostgresConnection): void {
    this.#sessions.delete(session)
  }

  /**
   * The one with the fewest flights under way; undefined when all are full or held up.
   * @param key of a statement that it must have prepared
   * @param ms that the statement takes; those ahead of it are taken to be alike
   */
  find(key: string, ms: number): PostgresConnection | undefined {
    let found: PostgresConnection | undefined
    let least = Math.min(MAX_DEPTH, Math.floor(MOST_AHEAD_MS / ms) + 1)
    for (const session of this.#sessions) {
      if (session.depth >= least || session.age > FRESH_MS || !session.knows(key)) continue
      found = session
      least = session.depth
    }
    if (found !== undefined) this.#watch()
    return found
  }

  /** As long as anybody follows. */
  #watch(): void {
    this.#watching ??= setTimeout(() => {
      // After what has arrived meanwhile was read, or our own delay would pass for Postgres'.
      setImmediate(() => {
        this.#watching = undefined
        const followed = [...this.#sessions].filter((one) => one.depth > 1)
        for (const session of followed) if (session.age > HELD_UP_MS) session.releaseFollowers()
        if (followed.length > 0) this.#watch()
      })
    }, WATCH_MS).unref()
  }
}
