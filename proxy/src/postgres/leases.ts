/** Which sessions are in use, by how many, and whether enough of them have just begun to be. */

/**
 * So many sessions work at once on what has just begun. Whoever comes then waits until one of them is
 * done with it, or takes longer than a moment: then it waits for something other than a processor,
 * and one more does no harm. Where Postgres has one core, writes that take a fifth of a millisecond
 * went through at 1.2 times the rate that they had when twenty backends took turns on it.
 */
const AT_ONCE = 6
export const MOMENT_MS = 2

type Lease = { holders: number; readonly since: number }

export class Leases<S extends object> {
  readonly #leases = new Map<S, Lease>()

  /** To one, and whoever comes to share it. */
  lend(session: S): void {
    this.#leases.set(session, { holders: 1, since: performance.now() })
  }

  share(session: S): void {
    const lease = this.#leases.get(session)
    if (lease !== undefined) lease.holders++
  }

  /** By one of those who have it; it stays in use until it is `end`ed, for something may be under way. */
  giveBack(session: S): void {
    const lease = this.#leases.get(session)
    if (lease !== undefined) lease.holders--
  }

  /** In use, and nobody has it any more. */
  isOver(session: S): boolean {
    return this.#leases.get(session)?.holders === 0
  }

  end(session: S): void {
    this.#leases.delete(session)
  }

  hasEnoughAtWork(): boolean {
    if (this.#leases.size < AT_ONCE) return false
    const begun = performance.now() - MOMENT_MS
    let atWork = 0
    for (const { since } of this.#leases.values()) if (since > begun) atWork++
    return atWork >= AT_ONCE
  }
}
