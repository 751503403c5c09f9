/** Limits concurrent password checks and delays failures, so that guessing cannot exhaust Postgres. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { Semaphore } from '../limits/semaphore'

const AT_ONCE = 2
const MAX_WAITING = 50
/**
 * Failures are reported no sooner than this, so that the time does not reveal whether Postgres was asked.
 * It also bounds guessing to eight passwords per second in total.
 */
const FAILURE_MS = 250

export class LoginGate {
  readonly #slots = new Semaphore(AT_ONCE, MAX_WAITING, tooManyLogins)

  /** @throws ProxyError too_many_requests, or the login's error */
  async run<T>(cancellation: Cancellation, login: () => Promise<T>): Promise<T> {
    await this.#slots.take(cancellation)
    const failure = wait(FAILURE_MS)
    try {
      return await login()
    } catch (error) {
      await failure
      throw error
    } finally {
      this.#slots.give()
    }
  }
}

function tooManyLogins(): ProxyError {
  return new ProxyError('too_many_requests', 'too many logins by password are waiting', {
    hint: 'Wait a second, then try again.',
  })
}
