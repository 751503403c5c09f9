/** How much one user may run at once, so that nobody can take the whole pool. */
import { ProxyError } from './errors'

export class InFlight {
  readonly #max: number
  readonly #counts = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** Runs work that counts against a user while it lasts; throws at once when there is too much. */
  async run<T>(user: string, work: () => Promise<T>): Promise<T> {
    const count = this.#counts.get(user) ?? 0
    if (count >= this.#max) {
      throw new ProxyError('too_many_requests', 'too many requests of this user are running', {
        hint: `Wait for one of the ${this.#max} to finish, then try again.`,
      })
    }
    this.#counts.set(user, count + 1)
    try {
      return await work()
    } finally {
      const left = (this.#counts.get(user) ?? 1) - 1
      if (left === 0) this.#counts.delete(user)
      else this.#counts.set(user, left)
    }
  }
}
