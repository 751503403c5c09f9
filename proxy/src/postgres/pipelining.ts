/**
 * Sessions that are running quick reads, on which more can be pipelined. If one read turns out slow,
 * the reads behind it are released to run on other sessions.
 */
import type { PostgresConnection } from './connection'

/** The most flights on one session. Four sessions can serve 32 clients. */
const MAX_DEPTH = 8
/** The expected time of the flights ahead must not exceed this. */
const MOST_AHEAD_MS = 5
/** A session whose first flight is older than this takes no more. */
const FRESH_MS = 5
/**
 * When the first flight is older than this, those behind it are released. Longer than the pauses of a
 * busy machine, because a released read does its work twice.
 */
const HELD_UP_MS = 20
/** How often to check for stalled sessions. */
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
   * The session with the fewest flights; undefined when all are full or stalled.
   * @param key of a statement that the session must have prepared
   * @param ms the time that the statement takes; those ahead are assumed to take the same
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

  /** Runs as long as any flight is pipelined. */
  #watch(): void {
    this.#watching ??= setTimeout(() => {
      // First read what has arrived in the meantime, or our own delay would count as Postgres'.
      setImmediate(() => {
        this.#watching = undefined
        const followed = [...this.#sessions].filter((one) => one.depth > 1)
        for (const session of followed) if (session.age > HELD_UP_MS) session.releaseFollowers()
        if (followed.length > 0) this.#watch()
      })
    }, WATCH_MS).unref()
  }
}
