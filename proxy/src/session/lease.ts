/**
 * A session in Postgres that a client's session holds alone: from its place in the queue until it is free for the next
 * user. A cancellation that may still arrive has to arrive before that.
 */
import { Cancellation } from '../cancellation'
import type { InFlight, Place } from '../limits/in-flight'
import type { PostgresConnection } from '../postgres/connection'
import type { Access } from './access'
import { userCancelled } from './session-errors'
import type { Status } from './to-client'

export class Lease {
  readonly connection: PostgresConnection
  /** Its owner; cancelled when the session ends. */
  readonly owner: Cancellation
  isClean: boolean
  readonly #access: Access
  readonly #place: Place
  /** False when it cannot be known whether it may still arrive. */
  #cancelling: Promise<boolean> | undefined

  constructor(
    connection: PostgresConnection,
    owner: Cancellation,
    isClean: boolean,
    access: Access,
    place: Place,
  ) {
    this.connection = connection
    this.owner = owner
    this.isClean = isClean
    this.#access = access
    this.#place = place
  }

  get status(): Status {
    const letter = String.fromCharCode(this.connection.status)
    return letter === 'T' || letter === 'E' ? letter : 'I'
  }

  /** Cancels the statement that runs. */
  cancelRunning(): void {
    const earlier = this.#cancelling ?? Promise.resolve(true)
    const cancelling = this.connection.cancelRunning()
    this.#cancelling = Promise.all([earlier, cancelling]).then((all) => all.every(Boolean))
  }

  release(): void {
    this.#place.holdUntil(this.#giveBack())
    this.#place.leave()
  }

  async #giveBack(): Promise<void> {
    // It could hit the next user's statement.
    if (this.#cancelling !== undefined && !(await this.#cancelling)) void this.connection.close()
    await this.#access.release(this.connection, this.isClean)
  }
}

/** Takes leases, one at a time. */
export class Leases {
  readonly #access: Access
  readonly #inFlight: InFlight
  #waiting: Cancellation | undefined

  constructor(access: Access, inFlight: InFlight) {
    this.#access = access
    this.#inFlight = inFlight
  }

  /**
   * @param tables of the first statement
   * @throws ProxyError, also when the wait is cancelled
   */
  async take(tables: readonly string[] | undefined, isClean: boolean): Promise<Lease> {
    const place = this.#inFlight.enter(this.#access.user)
    const owner = (this.#waiting = new Cancellation())
    try {
      const connection = await this.#access.acquire(owner, tables)
      return new Lease(connection, owner, isClean, this.#access, place)
    } catch (error) {
      place.leave()
      throw error
    } finally {
      this.#waiting = undefined
    }
  }

  /** Ends the wait for one. */
  cancel(reason = userCancelled()): void {
    this.#waiting?.cancel(reason)
  }
}
