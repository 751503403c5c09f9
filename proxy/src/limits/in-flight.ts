/** Limits what a user has at a time (requests, sessions), so that no user can take all there is. */
import { Counts } from '../counts'
import { ProxyError } from '../errors'

export class InFlight {
  readonly #max: number
  readonly #what: string
  readonly #maxOfAll: number
  readonly #counts = new Counts<string>()
  /** Of each user in the other processes, where they tell. */
  readonly #elsewhere = new Map<string, number>()
  #all = 0
  /** Called with a user's new count in this process. */
  onChange: ((user: string, count: number) => void) | undefined

  /**
   * @param what the name of what is counted, for the error
   * @param maxOfAll for all users together
   */
  constructor(max: number, what = 'requests', maxOfAll = Number.POSITIVE_INFINITY) {
    this.#max = max
    this.#what = what
    this.#maxOfAll = maxOfAll
  }

  /**
   * @returns a place that must be left once
   * @throws ProxyError too_many_requests, or queue_full when all users together have too much
   */
  enter(user: string): Place {
    if (this.#counts.of(user) + (this.#elsewhere.get(user) ?? 0) >= this.#max) {
      throw new ProxyError('too_many_requests', `too many ${this.#what} of this user are running`, {
        hint: `Wait for one of the ${this.#max} to finish, then try again.`,
      })
    }
    if (this.#all >= this.#maxOfAll) {
      throw new ProxyError('queue_full', `too many ${this.#what} are running`, {
        hint: 'Try again in a moment.',
      })
    }
    this.#add(user, 1)
    return new Place(() => {
      this.#add(user, -1)
    })
  }

  /** @param count what a user has in all other processes */
  setElsewhere(user: string, count: number): void {
    if (count === 0) this.#elsewhere.delete(user)
    else this.#elsewhere.set(user, count)
  }

  #add(user: string, by: number): void {
    this.#all += by
    this.#counts.add(user, by)
    this.onChange?.(user, this.#counts.of(user))
  }
}

/** One request's place. */
export class Place {
  readonly #free: () => void
  #held: Promise<unknown>[] | undefined

  /** @param free called once, when the place is free again */
  constructor(free: () => void) {
    this.#free = free
  }

  /** Keeps the place for work that continues after the answer. */
  holdUntil(ended: Promise<unknown>): void {
    if (this.#held === undefined) this.#held = [ended]
    else this.#held.push(ended)
  }

  /** Ends the request. Its place is freed once all work that holds it has ended. */
  leave(): void {
    if (this.#held === undefined) this.#free()
    else void Promise.allSettled(this.#held).then(this.#free)
  }
}
