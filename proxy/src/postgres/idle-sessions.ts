/**
 * The sessions of a pool that nobody uses: the one used last goes first. Each is heard from every few
 * seconds, or closed: a network that has dropped its connection without a word is found before a
 * request is. What nobody has used for long is closed.
 */
import type { PostgresConnection } from './connection'

/** A session that has said nothing for so long is asked. */
const QUIET_MS = 5_000
/** Postgres answers an empty question at once; beyond this its connection is taken for lost. */
const ANSWER_MS = 1_500
/** Unused for so long, it only costs memory. */
const UNUSED_MS = 300_000

export class IdleSessions {
  #sessions: PostgresConnection[] = []
  readonly #usedAt = new WeakMap<PostgresConnection, number>()
  readonly #probing = new Set<PostgresConnection>()

  /** Those that may be used now. */
  get size(): number {
    return this.#sessions.length
  }

  add(session: PostgresConnection): void {
    if (this.#probing.has(session)) {
      // Below those that were used since.
      this.#sessions.unshift(session)
      return
    }
    this.#usedAt.set(session, performance.now())
    this.#sessions.push(session)
  }

  /** One that is closing only waits for Postgres. */
  take(): PostgresConnection | undefined {
    let session = this.#sessions.pop()
    while (session?.isOpen === false) session = this.#sessions.pop()
    return session
  }

  /** @returns whether it was there */
  delete(session: PostgresConnection): boolean {
    const at = this.#sessions.indexOf(session)
    if (at >= 0) this.#sessions.splice(at, 1)
    return at >= 0
  }

  /**
   * Closes what nobody has used for long, and asks those that were silent.
   * @param quietMs for which a session may be silent
   * @param borrow is told of each before it is asked; it comes back by `add`
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
      // After what has arrived meanwhile was read.
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
