/** Lets few try a password at a time, and makes a failure slow: guessing cannot exhaust Postgres. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { Semaphore } from '../limits/semaphore'

const AT_ONCE = 2
const MAX_WAITING = 50
/**
 * No failure is told sooner, so that its time does not say whether Postgres was asked. It is also
 * what bounds guessing: eight passwords a second in all.
 */
const FAILURE_MS = 250

export class LoginGate {
  readonly #slots = new Semaphore(AT_ONCE, MAX_WAITING, tooManyLogins)

  /** @throws ProxyError too_many_requests, or what the login threw */
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
