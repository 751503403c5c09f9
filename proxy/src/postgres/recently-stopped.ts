/**
 * Users whose statements had to be cancelled lately. What a statement would have taken, nobody knows, so
 * theirs are not taken to end soon for a while, however short the runs were that were cut off.
 */
import { LruMap } from '../lru-map'

const FOR_MS = 10_000
const MOST_USERS = 10_000

export class RecentlyStopped {
  readonly #until = new LruMap<number>(MOST_USERS)
  readonly #now: () => number

  /** @param now milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  add(user: string): void {
    this.#until.set(user, this.#now() + FOR_MS)
  }

  has(user: string): boolean {
    const until = this.#until.get(user)
    if (until === undefined) return false
    if (until > this.#now()) return true
    this.#until.delete(user)
    return false
  }
}
