/** Those who wait for a session: a bounded line, which anybody may leave and which is served by shares. */
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import type { PostgresConnection } from './connection'
import type { Shares, User } from './shares'

export type Waiter = {
  readonly user: User
  /** Others may follow on the session. */
  readonly isQuick: boolean
  /** The session, which has been lent already. */
  readonly give: (connection: PostgresConnection) => void
  readonly fail: (error: Error) => void
}

export class WaitingLine {
  readonly #waiters = new Set<Waiter>()
  readonly #shares: Shares<PostgresConnection>

  constructor(shares: Shares<PostgresConnection>) {
    this.#shares = shares
  }

  get size(): number {
    return this.#waiters.size
  }

  /** Whose turn it is; undefined when nobody waits, or those who do have their share already. */
  next(): Waiter | undefined {
    return this.#waiters.size === 0 ? undefined : this.#shares.next(this.#waiters)
  }

  /** @throws ProxyError the cancellation's reason, or what the line was failed with */
  wait(cancellation: Cancellation, user: User, isQuick: boolean): Promise<PostgresConnection> {
    return new Promise((resolve, reject) => {
      const leave = (reason: Error) => {
        waiter.fail(reason)
      }
      const settle = () => {
        cancellation.unlisten(leave)
        this.#waiters.delete(waiter)
      }
      const waiter: Waiter = {
        user,
        isQuick,
        give: (connection) => {
          settle()
          resolve(connection)
        },
        fail: (error) => {
          settle()
          reject(error)
        },
      }
      cancellation.listen(leave)
      this.#waiters.add(waiter)
    })
  }

  failAll(error: Error): void {
    for (const waiter of this.#waiters) waiter.fail(error)
  }
}

export function queueFull(): ProxyError {
  return new ProxyError('queue_full', 'too many requests are waiting for Postgres; try again', {
    hint: 'If it lasts, raise PROXY_POOL_SIZE or look for slow statements.',
  })
}
