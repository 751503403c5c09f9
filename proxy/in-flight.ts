/** How much one user may have under way at once, so that nobody can take the whole pool. */
import { ProxyError } from './errors'

/** Keeps a request's place beyond its answer, for as long as some of its work goes on. */
export type HoldUntil = (ended: Promise<unknown>) => void

export class InFlight {
  readonly #max: number
  readonly #what: string
  readonly #counts = new Map<string, number>()

  /** @param what is counted, for the error */
  constructor(max: number, what = 'requests') {
    this.#max = max
    this.#what = what
  }

  /**
   * Runs work that counts against a user until it has ended, and with it whatever it holds its
   * place for; throws at once when there is too much.
   */
  async run<T>(user: string, work: (holdUntil: HoldUntil) => Promise<T>): Promise<T> {
    const leave = this.enter(user)
    const held: Promise<unknown>[] = []
    try {
      return await work((ended) => held.push(ended))
    } finally {
      if (held.length === 0) leave()
      else void Promise.allSettled(held).then(leave)
    }
  }

  /**
   * @returns what gives the place back, to be called once
   * @throws ProxyError too_many_requests
   */
  enter(user: string): () => void {
    const count = this.#counts.get(user) ?? 0
    if (count >= this.#max) {
      throw new ProxyError('too_many_requests', `too many ${this.#what} of this user are running`, {
        hint: `Wait for one of the ${this.#max} to finish, then try again.`,
      })
    }
    this.#counts.set(user, count + 1)
    return () => {
      const left = (this.#counts.get(user) ?? 1) - 1
      if (left === 0) this.#counts.delete(user)
      else this.#counts.set(user, left)
    }
  }
}
