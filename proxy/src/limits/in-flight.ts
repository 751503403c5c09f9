/** Limits a user's concurrent requests, so that no user can take the whole pool. */
import { ProxyError } from '../errors'

export class InFlight {
  readonly #max: number
  readonly #what: string
  readonly #counts = new Map<string, number>()

  /** @param what the name of what is counted, for the error */
  constructor(max: number, what = 'requests') {
    this.#max = max
    this.#what = what
  }

  /**
   * @returns a place that must be left once
   * @throws ProxyError too_many_requests
   */
  enter(user: string): Place {
    const count = this.#counts.get(user) ?? 0
    if (count >= this.#max) {
      throw new ProxyError('too_many_requests', `too many ${this.#what} of this user are running`, {
        hint: `Wait for one of the ${this.#max} to finish, then try again.`,
      })
    }
    this.#counts.set(user, count + 1)
    return new Place(this.#counts, user)
  }
}

/** One request's place. */
export class Place {
  readonly #counts: Map<string, number>
  readonly #user: string
  #held: Promise<unknown>[] | undefined

  constructor(counts: Map<string, number>, user: string) {
    this.#counts = counts
    this.#user = user
  }

  /** Keeps the place for work that continues after the answer. */
  holdUntil(ended: Promise<unknown>): void {
    if (this.#held === undefined) this.#held = [ended]
    else this.#held.push(ended)
  }

  /** Ends the request. Its place is freed once all work that holds it has ended. */
  leave(): void {
    if (this.#held === undefined) this.#free()
    else
      void Promise.allSettled(this.#held).then(() => {
        this.#free()
      })
  }

  #free(): void {
    const left = (this.#counts.get(this.#user) ?? 1) - 1
    if (left === 0) this.#counts.delete(this.#user)
    else this.#counts.set(this.#user, left)
  }
}
