/** Those who wait for a session: a bounded line, which anybody may leave and which is served by shares. */
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import type { PostgresConnection } from './connection'
import type { Shares, User } from './shares'

export type Wanted = {
  /** Others may follow on the session. */
  readonly isQuick?: boolean | undefined
  /** It is for statements that have come to their end before, and soon. */
  readonly isProven?: boolean | undefined
  /** Those that the statements name. */
  readonly tables?: readonly string[] | undefined
}

export type Waiter = Wanted & {
  readonly user: User
  /** In the line; the lowest is first. */
  readonly place: number
  /** The session, which has been lent already. */
  readonly give: (connection: PostgresConnection) => void
  readonly fail: (error: Error) => void
}

/** How many others go before a user's second, at least. */
const LEAST_TURN = 16

export class FairQueue {
  readonly #waiters = new Set<Waiter>()
  readonly #shares: Shares<PostgresConnection>
  /** How many places each user has. */
  readonly #places = new Map<User, number>()
  #count = 0

  constructor(shares: Shares<PostgresConnection>) {
    this.#shares = shares
  }

  get size(): number {
    return this.#waiters.size
  }

  /**
   * Whose turn it is; undefined when nobody waits, or those who do have their share already.
   * @param mayHave who may have the session
   */
  next(mayHave: (waiter: Waiter) => boolean = () => true): Waiter | undefined {
    return this.#shares.next(this.#waiters, mayHave)
  }

  /** @throws ProxyError the cancellation's reason, or what the line was failed with */
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
   * For each that a user has under way already, all who wait now go first, and some who come yet. So
   * nobody waits for more than one of somebody's many; and as everybody moves on, nobody waits for
   * ever, as they would if whoever was served least lately always went first.
   */
  #takePlace(user: User): number {
    const waiting = this.#places.get(user) ?? 0
    this.#places.set(user, waiting + 1)
    const own = waiting + this.#shares.heldBy(user)
    return this.#count++ + own * Math.max(this.size, LEAST_TURN)
  }

  #leavePlace(user: User): void {
    const left = (this.#places.get(user) ?? 1) - 1
    if (left === 0) this.#places.delete(user)
    else this.#places.set(user, left)
  }
}

export function queueFull(): ProxyError {
  return new ProxyError('queue_full', 'too many requests are waiting for Postgres; try again', {
    hint: 'If it lasts, raise PROXY_POOL_SIZE or look for slow statements.',
  })
}
