/**
 * Spaces what wakes all queries of a table: in proportion to how many those are, so that a stream of such
 * changes, or of forged notifications, causes a bounded number of runs a second.
 */

/** At most this many queries are woken in a millisecond, and no more often than queries run anyway. */
const QUERIES_PER_MS = 1
const LEAST_MS = 50

export class WakeAll {
  readonly #due = new Map<string, NodeJS.Timeout>()
  readonly #notBefore = new Map<string, number>()

  /**
   * Calls `wake` now, or once as soon as it may.
   * @param what calls of the same are spaced
   * @param wake returns how many it has woken
   */
  wake(what: string, wake: () => number): void {
    if (this.#due.has(what)) return
    const now = performance.now()
    const wait = (this.#notBefore.get(what) ?? 0) - now
    const start = () => {
      this.#due.delete(what)
      const woken = wake()
      if (woken === 0) this.#notBefore.delete(what)
      else this.#notBefore.set(what, performance.now() + Math.max(LEAST_MS, woken / QUERIES_PER_MS))
    }
    if (wait <= 0) start()
    else this.#due.set(what, setTimeout(start, wait).unref())
  }

  close(): void {
    for (const timer of this.#due.values()) clearTimeout(timer)
    this.#due.clear()
  }
}
