/** The queue for sessions, served by fair shares. A waiter can leave it at any time. */
import type { Cancellation } from '../cancellation'
import { Counts } from '../counts'
import { ProxyError } from '../errors'
import type { PostgresConnection } from './connection'
import type { Shares, User } from './shares'

export type Wanted = {
  /** More flights may be pipelined on the session. */
  readonly isQuick?: boolean | undefined
  /** The statements have finished before, and quickly. */
  readonly isProven?: boolean | undefined
  /** The tables that the statements name. */
  readonly tables?: readonly string[] | undefined
}

export type Waiter = Wanted & {
  readonly user: User
  /** Position in the queue; the lowest is served first. */
  readonly place: number
  /** Called with a session that has already been lent. */
  readonly give: (connection: PostgresConnection) => void
  readonly fail: (error: Error) => void
}

/** At least this many others go before a user's second request. */
const LEAST_TURN = 16

export class FairQueue {
  readonly #waiters = new Set<Waiter>()
  readonly #shares: Shares<PostgresConnection>
  /** The number of waiters per user. */
  readonly #places = new Counts<User>()
  #count = 0

  constructor(shares: Shares<PostgresConnection>) {
    this.#shares = shares
  }

  get size(): number {
    return this.#waiters.size
  }

  /**
   * The next waiter; undefined when the queue is empty or all waiting users hold their full share.
   * @param mayHave whether a waiter may have the session
   */
  next(mayHave: (waiter: Waiter) => boolean = () => true): Waiter | undefined {
    return this.#shares.next(this.#waiters, mayHave)
  }

  /** @throws ProxyError the cancellation's reason, or the error that the queue was failed with */
  wait(cancellation: Cancellation, user: User, wanted: Wanted = {}): Promise<PostgresConnection> {
    const place = this.#takePlace(user)
    return new Promise((resolve, reject) => {
      const leave = (reason: Error) => {
        waiter.fail(reason)
      }
      const settle = () => {
        cancellation.unlisten(leave)
        this.#waiters.delete(waiter)
        this.#leavePlace(user)
      }
      const waiter: Waiter = {
        user,
        place,
        ...wanted,
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

  failUser(user: User, error: Error): void {
    for (const waiter of this.#waiters) if (waiter.user === user) waiter.fail(error)
  }

  /**
   * Each request that a user already has in progress moves the new one back behind everyone who is
   * waiting now, and behind some later arrivals. So no user waits for more than one of another's many
   * requests. Places are fixed, so every waiter is served eventually; always preferring the user who
   * was served least recently would starve some.
   */
  #takePlace(user: User): number {
    const waiting = this.#places.of(user)
    this.#places.add(user, 1)
    const own = waiting + this.#shares.heldBy(user)
    return this.#count++ + own * Math.max(this.size, LEAST_TURN)
  }

  #leavePlace(user: User): void {
    this.#places.add(user, -1)
  }
}

export function queueFull(): ProxyError {
  return new ProxyError('queue_full', 'too many requests are waiting for Postgres; try again', {
    hint: 'If it lasts, raise PROXY_POOL_SIZE or look for slow statements.',
  })
}
