/** Users with a statement that outlived its cancellation get no further session. */
import { ProxyError } from '../errors'
import { whenGone, type Flight } from './flight'
import type { User } from './shares'

export class Outlived {
  readonly #users = new Map<Flight, string>()

  /** Counts the flight until Postgres has finished it or closed its session. */
  add(flight: Flight): void {
    const { user } = flight.turn
    if (user === undefined || this.#users.has(flight)) return
    this.#users.set(flight, user)
    whenGone(flight, () => this.#users.delete(flight))
  }

  has(user: User): boolean {
    if (this.#users.size === 0 || user === undefined) return false
    return [...this.#users.values()].includes(user)
  }

  /** @throws ProxyError statement_still_running */
  refuse(user: User): void {
    if (this.has(user)) throw stillRunning()
  }
}

export function stillRunning(): ProxyError {
  return new ProxyError(
    'statement_still_running',
    'a statement of this user was cancelled and still runs in Postgres',
    { hint: 'Postgres cannot interrupt it. Try again once it has ended.' },
  )
}
