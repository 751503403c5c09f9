/**
 * The idle sessions of a pool, most recently used first. Each is probed every few seconds, so that a
 * silently dropped connection is found before a request uses it. Sessions that stay unused are closed.
 */
import type { PostgresConnection } from './connection'

/** How long a session may be silent before it is probed. */
const QUIET_MS = 5_000
/** Postgres answers a probe immediately; after this time the connection counts as lost. */
const ANSWER_MS = 1_500
/** A session that is unused for this long only costs memory. */
const UNUSED_MS = 300_000

export class IdleSessions {
  #sessions: PostgresConnection[] = []
  readonly #usedAt = new WeakMap<PostgresConnection, number>()
  readonly #probing = new Set<PostgresConnection>()

  /** Excludes sessions that are being probed. */
  get size(): number {
    return this.#sessions.length
  }

  add(session: PostgresConnection): void {
    if (this.#probing.has(session)) {
      // Behind the sessions that were used in the meantime.
      this.#sessions.unshift(session)
      return
    }
    this.#usedAt.set(session, performance.now())
    this.#sessions.push(session)
  }

  /** Skips sessions that are closing. */
  take(): PostgresConnection | undefined {
    let session = this.#sessions.pop()
    while (session?.isOpen === false) session = this.#sessions.pop()
    return session
  }

  /** @returns whether the session was idle */
  delete(session: PostgresConnection): boolean {
    const at = this.#sessions.indexOf(session)
    if (at >= 0) this.#sessions.splice(at, 1)
    return at >= 0
  }

  /**
   * Closes sessions that have long been unused, and probes those that were silent.
   * @param borrow called for each session before its probe; it returns through `add`
   * @param quietMs how long a session may be silent
   * @returns once each has answered or was given up
   */
  async check(
    borrow: (session: PostgresConnection) => void,
    quietMs: number = QUIET_MS,
  ): Promise<void> {
    const unusedSince = performance.now() - UNUSED_MS
    const quiet = this.#sessions.filter(({ silentMs }) => silentMs > quietMs)
    await Promise.all(
      quiet.map((session) => {
        this.delete(session)
        const isUnused = (this.#usedAt.get(session) ?? 0) < unusedSince
        return isUnused ? session.close() : this.#probe(session, borrow)
      }),
    )
  }

  async #probe(
    session: PostgresConnection,
    borrow: (session: PostgresConnection) => void,
  ): Promise<void> {
    this.#probing.add(session)
    borrow(session)
    const timer = setTimeout(() => {
      // First read what has arrived in the meantime.
      setImmediate(() => {
        if (this.#probing.has(session)) session.lose()
      })
    }, ANSWER_MS)
    try {
      await session.run([])
    } catch {
      void session.close()
    } finally {
      clearTimeout(timer)
      this.#probing.delete(session)
    }
  }
}
