/**
 * One session in Postgres. Quick reads of several requests may be under way at once, one behind the
 * other; each ends in a Sync of its own, so each is a transaction, an identity and an error of its
 * own. After anything unexpected the connection is destroyed and never used again.
 */
import type { Duplex } from 'node:stream'
import { cancel, type Backend } from './cancel'
import { ConnectionLost, Flights, HeldUp, type Step, type Turn } from './flight'
import { login, type Session, type Settings } from './login'
import { FROM_POSTGRES, IDLE } from './messages'
import { MessageReader } from './reader'
import { receive } from './receive'
import { resetStatements } from './reset'
import { Statements, type Prepared } from './statements'
import { writeFlight } from './write-flight'
import { MessageWriter } from './writer'

export class PostgresConnection {
  readonly #stream: Duplex
  readonly #backend: Backend
  readonly #reader: MessageReader
  readonly #statements = new Statements()
  readonly #flights = new Flights()
  /** Flights of the same turn of the event loop, which are one write. */
  #unsent: Buffer[] = []
  #isDead = false
  #status = IDLE
  onClose: () => void = () => undefined
  /** All flights have landed. */
  onIdle: () => void = () => undefined

  /** @param maxMessageBytes the longest message that is read, such as one row */
  static async open(settings: Settings, maxMessageBytes: number): Promise<PostgresConnection> {
    return PostgresConnection.over(await login(settings), maxMessageBytes)
  }

  /** Speaks on a session that has logged in already. */
  static over({ stream, backend }: Session, maxMessageBytes: number): PostgresConnection {
    return new PostgresConnection(stream, backend, maxMessageBytes)
  }

  private constructor(stream: Duplex, backend: Backend, maxMessageBytes: number) {
    this.#stream = stream
    this.#backend = backend
    this.#reader = new MessageReader(maxMessageBytes, (type, data, start, end) => {
      this.#onMessage(type, data, start, end)
    })
    stream.on('data', (chunk: Buffer) => {
      this.#read(chunk)
    })
    stream.on('error', () => undefined)
    stream.on('close', () => {
      this.#end(this.#flights.first?.error ?? new ConnectionLost('connection closed'))
    })
    if (stream.destroyed) this.#isDead = true
  }

  /** Alive, idle, and in no transaction. */
  get isReusable(): boolean {
    return !this.#isDead && this.#flights.size === 0 && this.#status === IDLE
  }

  /** Whether a transaction block is open, or failed and waits for its ROLLBACK. */
  get isInTransaction(): boolean {
    return this.#status !== IDLE
  }

  /** Flights that are under way. */
  get depth(): number {
    return this.#flights.size
  }

  /** Milliseconds for which Postgres has been at work on the first of them. */
  get age(): number {
    return this.#flights.age
  }

  /** Nobody waits any more for what Postgres is at work on. */
  get isGivenUp(): boolean {
    return this.#flights.first?.isAbandoned === true
  }

  /** Whether a statement is prepared here beyond doubt. */
  knows(key: string): boolean {
    return !this.#isDead && this.#statements.find(key)?.isKept === true
  }

  /**
   * Runs statements in order; the first error skips the rest.
   * @param turn without one, or unless it says so, nothing else may be under way
   * @throws PostgresError when Postgres refused one, ConnectionLost, HeldUp, or what a sink threw
   */
  run(steps: readonly Step[], turn?: Turn): Promise<void> {
    const { bytes, prepared } = writeFlight(this.#statements, steps)
    return this.#send(bytes, steps, prepared, turn)
  }

  /** Reads no further, so that what Postgres sends waits there; ends with the flight at the latest. */
  pause(): void {
    if (this.#flights.size > 0) this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Rolls back whatever transaction is open. */
  rollback(): Promise<void> {
    return this.#send(new MessageWriter().query('ROLLBACK').take())
  }

  /** Back to what it was after the login; throws when that failed. */
  async reset(): Promise<void> {
    for (const sql of resetStatements()) await this.#send(new MessageWriter().query(sql).take())
    this.#statements.forgetAll()
  }

  /** Prepared statements are parsed anew next time, since a plan no longer fits its tables. */
  dropStatements(): void {
    this.#statements.dropAll()
  }

  /** The first flight takes too long: those behind it throw HeldUp and are made elsewhere. */
  letFollowersGo(): void {
    this.#flights.abandonFollowers(new HeldUp('held up by another statement'))
  }

  /**
   * Stops what is running and ends the session.
   * @param owner whose flights alone are given up as long as Postgres is not at work on one
   */
  abort(owner?: object): void {
    const { first } = this.#flights
    if (owner !== undefined && first?.turn.owner !== owner) {
      this.#flights.abandonFollowers(new ConnectionLost('given up'), owner)
      return
    }
    if (first !== undefined) cancel(this.#backend)
    this.destroy()
  }

  destroy(): void {
    this.#end(new ConnectionLost('connection closed'))
  }

  #send(
    bytes: Buffer,
    steps: readonly Step[] = [],
    prepared: readonly Prepared[] = [],
    turn: Turn = { owner: this, follows: false },
  ): Promise<void> {
    const isBusy = this.#isDead || (this.#flights.size > 0 && !turn.follows)
    if (isBusy) return Promise.reject(new ConnectionLost('connection closed'))
    return new Promise((resolve, reject) => {
      const state = { step: 0, error: undefined, isAbandoned: false }
      this.#flights.add({ steps, prepared, turn, resolve, reject, ...state })
      if (this.#unsent.push(bytes) === 1)
        setImmediate(() => {
          this.#flush()
        })
    })
  }

  #flush(): void {
    const unsent = this.#unsent
    this.#unsent = []
    if (this.#isDead) return
    const [only] = unsent
    this.#stream.write(unsent.length === 1 && only ? only : Buffer.concat(unsent))
  }

  #read(chunk: Buffer): void {
    if (this.#isDead) return
    try {
      this.#reader.push(chunk)
    } catch (error) {
      // A sink that has enough, or a message that makes no sense: the rest is not worth reading.
      if (this.#flights.size > 0) cancel(this.#backend)
      this.#end(error)
    }
  }

  #onMessage(type: number, data: Buffer, start: number, end: number): void {
    if (type !== FROM_POSTGRES.readyForQuery) {
      receive(this.#flights.first, type, data, start, end)
      return
    }
    this.#status = data[start] ?? IDLE
    this.#land()
  }

  #land(): void {
    const flight = this.#flights.land()
    if (flight === undefined) throw new ConnectionLost('unexpected message from server')
    // Whoever read slowly has it all; the next one must not wait for it.
    if (this.#stream.isPaused()) this.#stream.resume()
    if (flight.error === undefined) this.#statements.keep(flight.prepared)
    else this.#statements.dropUnkept(flight.prepared)
    if (!flight.isAbandoned) {
      if (flight.error === undefined) flight.resolve()
      else flight.reject(flight.error)
    }
    if (this.#flights.size === 0) this.onIdle()
  }

  #end(error: unknown): void {
    if (!this.#isDead) {
      this.#isDead = true
      this.#stream.destroy()
      this.onClose()
    }
    this.#flights.end(error)
  }
}
