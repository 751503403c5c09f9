/** Counts what each user holds, so that no user exceeds a fair share. */

import { Counts } from '../counts'

/** `undefined`: the proxy itself; exempt from quotas. */
export type User = string | undefined

export class Shares<T extends object> {
  readonly #most: number
  readonly #holders = new WeakMap<T, string>()
  readonly #held = new Counts<string>()

  constructor(most: number) {
    this.#most = most
  }

  mayHold(user: User): boolean {
    return this.heldBy(user) < this.#most
  }

  /** Adds or removes one that the user shares with others. */
  share(user: User, by: 1 | -1): void {
    if (user !== undefined) this.#held.add(user, by)
  }

  hold(thing: T, user: User): T {
    if (user !== undefined) {
      this.#holders.set(thing, user)
      this.share(user, 1)
    }
    return thing
  }

  letGo(thing: T): void {
    const user = this.#holders.get(thing)
    if (user === undefined) return
    this.#holders.delete(thing)
    this.share(user, -1)
  }

  /** The waiter whose user holds least, then the lowest place. Users with a full share are skipped. */
  next<W extends { readonly user: User; readonly place: number }>(
    waiters: Iterable<W>,
    mayHave: (waiter: W) => boolean = () => true,
  ): W | undefined {
    let next: W | undefined
    let least = this.#most
    let first = Number.POSITIVE_INFINITY
    for (const waiter of waiters) {
      const held = this.heldBy(waiter.user)
      if (held > least || held >= this.#most) continue
      if (held === least && waiter.place >= first) continue
      if (!mayHave(waiter)) continue
      next = waiter
      least = held
      first = waiter.place
    }
    return next
  }

  heldBy(user: User): number {
    return user === undefined ? 0 : this.#held.of(user)
  }
}
