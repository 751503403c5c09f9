/**
 * One session in Postgres. Quick reads of several requests can be pipelined: each flight ends in its own
 * Sync, so each has its own transaction, identity and error. An abandoned statement is cancelled, and
 * its session is reused once no cancellation can still arrive. After anything unexpected the session is
 * closed. It counts as open until Postgres has closed it.
 */
import type { Duplex } from 'node:stream'
import { ProxyError } from '../errors'
import { cancel, type Backend } from './cancel'
import {
  abandon,
  ConnectionLost,
  Flight,
  Flights,
  Stalled,
  UnexpectedMessage,
  type Relay,
  type Step,
  type Turn,
} from './flight'
import { login, type SearchPath, type Session, type Settings } from './login'
import { FROM_POSTGRES, IDLE, OUT_OF_MEMORY } from './messages'
import { MessageReader } from './reader'
import { receive } from './receive'
import { resetStatements } from './reset'
import type { SchemaVersion } from './schema-version'
import { Statements, type Prepared } from './statements'
import { writeFlight, writeRelay } from './write-flight'
import { MessageWriter } from './writer'

/**
 * An abandoned statement gets this much time before it is cancelled. Most end sooner than a cancellation
 * could arrive, because Postgres starts a process for it.
 */
const GRACE_MS = 10
/** A cancellation between two messages of a flight has no effect, so it is repeated, with growing pauses. */
const CANCEL_AGAIN_MS = 250
const CANCEL_AT_LEAST_EVERY_MS = 10_000
/** How long a cancelled statement or a closed session may take before it counts as overdue. */
const OVERDUE_MS = 2_000

/**
 * - `stopping`: a cancellation is in progress; the session is `open` again when it has been delivered
 *   and all flights have landed.
 * - `closing`: not used any more, but Postgres has not closed it yet.
 */
type State = 'open' | 'stopping' | 'closing' | 'closed'

export class PostgresConnection {
  /** The process id of the Postgres backend. */
  readonly processId: number
  /** The settings that Postgres reported at the login, by name. */
  readonly parameters: ReadonlyMap<string, string>
  readonly #stream: Duplex
  readonly #backend: Backend
  readonly #searchPath: SearchPath | undefined
  readonly #reader: MessageReader
  readonly #statements = new Statements()
  readonly #flights = new Flights()
  /** Owners that have given up; no more statements run for them. */
  readonly #left = new WeakSet()
  /** Flights of the current turn of the event loop, sent in one write. */
  #unsent: Buffer[] = []
  #state: State = 'open'
  #status = IDLE
  #isLost = false
  #isFull = false
  /** When the last bytes from Postgres arrived. */
  #heardAt = performance.now()
  #grace: NodeJS.Timeout | undefined
  #overdue: NodeJS.Timeout | undefined
  /** Called when a stopping session has landed all flights, or has been closed. */
  #onStopped: (() => void) | undefined
  #whenSettled: (() => void)[] = []
  #whenClosed: (() => void)[] = []
  /** Read before any statement was prepared. `undefined`: unknown, so no prepared statement may be used. */
  schemaVersion: SchemaVersion | undefined
  /** Postgres has closed the session. */
  onClose: () => void = () => undefined
  /** All flights have landed, and the session can be used. */
  onIdle: () => void = () => undefined
  /** The owner of a flight has given up before it landed. */
  onLeft: (flight: Flight) => void = () => undefined
  /** The first flight is being cancelled: it took too long for its owner, who has given up. */
  onStop: (first: Flight) => void = () => undefined
  /** Postgres should have finished the first flight, or closed the session, by now. */
  onOverdue: (first: Flight | undefined) => void = () => undefined

  /** @param maxMessageBytes the longest message to accept, such as one row */
  static async open(settings: Settings, maxMessageBytes: number): Promise<PostgresConnection> {
    return PostgresConnection.over(await login(settings), maxMessageBytes)
  }

  /** Takes over a session that has logged in already. */
  static over(session: Session, maxMessageBytes: number): PostgresConnection {
    return new PostgresConnection(session, maxMessageBytes)
  }

  private constructor(
    { stream, backend, processId, parameters, searchPath }: Session,
    maxMessageBytes: number,
  ) {
    this.processId = processId
    this.parameters = parameters
    this.#stream = stream
    this.#backend = backend
    this.#searchPath = searchPath
    this.#reader = new MessageReader(
      maxMessageBytes,
      (type, data, start, end) => {
        this.#onMessage(type, data, start, end)
      },
      () => {
        this.#refuseRest(new RangeError('the message is too long'))
      },
    )
    stream.on('data', (chunk: Buffer) => {
      this.#read(chunk)
    })
    stream.on('error', () => undefined)
    stream.on('close', () => {
      this.#end(this.#flights.first?.error ?? new ConnectionLost('connection closed'))
    })
    if (stream.destroyed) this.#state = 'closed'
  }

  /** Open, idle, and in no transaction. */
  get isReusable(): boolean {
    return this.isOpen && this.#flights.size === 0 && this.#status === IDLE
  }

  /** Neither stopping nor closing. */
  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Postgres has closed the session, or it was destroyed. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** The network has dropped the connection; Postgres may not have noticed. */
  get isLost(): boolean {
    return this.#isLost
  }

  /**
   * A statement ran out of memory. The session itself may hold that memory: Postgres caches each time
   * zone and row type that it has met, and no reset frees those.
   */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Whether a transaction block is open, or has failed and needs a ROLLBACK. */
  get isInTransaction(): boolean {
    return this.#status !== IDLE
  }

  /** The character of the last ReadyForQuery: I, T or E. */
  get status(): number {
    return this.#status
  }

  /** Where unqualified names are looked up; undefined where the client decides. */
  get searchPath(): SearchPath | undefined {
    return this.#searchPath
  }

  /** The number of flights in progress. */
  get depth(): number {
    return this.#flights.size
  }

  /** Milliseconds for which Postgres has been working on the first flight. */
  get age(): number {
    return this.#flights.age
  }

  /** Milliseconds of silence from Postgres; during a flight, counted from its start at the earliest. */
  get silentMs(): number {
    // Reading is paused for a slow client.
    if (this.#stream.isPaused()) return 0
    const silent = performance.now() - this.#heardAt
    return this.#flights.size === 0 ? silent : Math.min(silent, this.age)
  }

  /** Whether a statement is certainly prepared here. */
  knows(key: string): boolean {
    return this.isOpen && this.#statements.find(key)?.isKept === true
  }

  /**
   * Runs statements in order; an error skips the rest.
   * @param turn required for pipelining; otherwise the session must be idle
   * @throws PostgresError when Postgres refused one, ConnectionLost, Stalled, or what a sink threw
   */
  run(steps: readonly Step[], turn?: Turn): Promise<void> {
    const { bytes, prepared } = writeFlight(this.#statements, steps)
    return this.#send(bytes, steps, prepared, turn)
  }

  /**
   * Runs steps, then passes messages on as they are, for a client's session that holds this one alone. The
   * flight lands at the Sync among the messages; until then `append` sends more.
   * @throws like `run`
   */
  relay(steps: readonly Step[], messages: Buffer, relay: Relay, turn: Turn): Promise<void> {
    const { bytes, prepared } = writeRelay(this.#statements, steps, messages)
    return this.#send(bytes, steps, prepared, turn, relay)
  }

  /** Sends more messages into the flight that `relay` has begun. */
  append(messages: Buffer): void {
    if (this.#flights.first?.relay === undefined || this.#state === 'closed') return
    if (this.#unsent.push(messages) === 1) setImmediate(this.#flush)
  }

  /**
   * Asks Postgres to cancel the statement that runs now, whose error then arrives as its answer.
   * @returns false when a cancellation may still arrive; then the session must not be reused
   */
  cancelRunning(): Promise<boolean> {
    return cancel(this.#backend)
  }

  /** Stops reading, so that Postgres has to wait; at most until the end of the flight. */
  pause(): void {
    if (this.#flights.first?.isAbandoned === false) this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Rolls back the open transaction, if any. */
  rollback(): Promise<void> {
    return this.#send(new MessageWriter().query('ROLLBACK').take())
  }

  /** Restores the state after the login; throws on failure. */
  async reset(): Promise<void> {
    for (const sql of resetStatements(this.#searchPath))
      await this.#send(new MessageWriter().query(sql).take())
    this.#statements.forgetAll()
  }

  /** Drops all prepared statements, because the schema has changed. */
  dropStatements(): void {
    this.#statements.dropAll()
  }

  /** The first flight takes too long: later flights reject with Stalled and run on other sessions. */
  releaseFollowers(): void {
    this.#flights.abandonFollowers(new Stalled('held up by another statement'))
  }

  /** Runs nothing more for an owner, and cancels its flight if that does not land soon. */
  giveUp(owner: object): void {
    this.#left.add(owner)
    const flight = this.#flights.of(owner)
    if (flight === undefined) return
    this.#leave(flight, new ConnectionLost('given up'))
    this.#cancelIfLate()
  }

  /** Cancels the first flight and rejects it with `error`; later ones run on other sessions. */
  stop(error: unknown = new ConnectionLost('given up')): void {
    const { first } = this.#flights
    if (first === undefined) return
    this.#leave(first, error)
    if (this.#state !== 'open') return
    this.onStop(first)
    this.#flights.time()
    this.releaseFollowers()
    this.#state = 'stopping'
    this.#expect()
    void this.#cancelUntilLanded()
  }

  /** Resolves when the session is idle or closing. */
  settled(): Promise<void> {
    const isBusy = this.#state === 'stopping' || (this.isOpen && this.#flights.size > 0)
    if (!isBusy) return Promise.resolve()
    return new Promise((resolve) => {
      this.#whenSettled.push(resolve)
    })
  }

  /** Closes the session and cancels its flights. Resolves when Postgres has closed it. */
  close(error: unknown = new ConnectionLost('connection closed')): Promise<void> {
    if (this.isClosed) return Promise.resolve()
    const closed = new Promise<void>((resolve) => {
      this.#whenClosed.push(resolve)
    })
    if (this.#state === 'closing') return closed
    this.#state = 'closing'
    // No statement will run here any more, so the cancellation may arrive late.
    if (this.#flights.size > 0) void cancel(this.#backend)
    this.#flights.time()
    if (this.#flights.first) this.#leave(this.#flights.first, error)
    this.#flights.abandonFollowers(new Stalled('session ended'))
    this.#onStopped?.()
    this.#settle()
    this.#stream.resume()
    this.#stream.end(new MessageWriter().terminate().take())
    this.#expect()
    return closed
  }

  /**
   * Gives up a dropped connection. A pipelined read runs again on another session, unless part of its
   * answer has arrived.
   */
  lose(): void {
    this.#isLost = true
    const { first } = this.#flights
    if (first?.turn.follows === true && performance.now() - this.#heardAt >= this.age)
      abandon(first, new Stalled('connection lost'))
    this.#end(new ConnectionLost('connection lost'))
  }

  /** Cancels all flights and drops the connection without waiting for Postgres. */
  destroy(): void {
    if (this.#flights.size > 0) void cancel(this.#backend)
    this.#end(new ConnectionLost('connection closed'))
  }

  #send(
    bytes: Buffer,
    steps: readonly Step[] = [],
    prepared: readonly Prepared[] = [],
    turn: Turn = { owner: this, follows: false },
    relay?: Relay,
  ): Promise<void> {
    if (this.#state === 'stopping' && turn.follows) return Promise.reject(new Stalled('stopping'))
    const isBusy = !this.isOpen || (this.#flights.size > 0 && !turn.follows)
    if (isBusy || this.#left.has(turn.owner)) {
      return Promise.reject(new ConnectionLost('connection closed'))
    }
    return new Promise((resolve, reject) => {
      this.#flights.add(new Flight(steps, prepared, turn, resolve, reject, relay))
      if (this.#unsent.push(bytes) === 1) setImmediate(this.#flush)
    })
  }

  readonly #flush = (): void => {
    const unsent = this.#unsent
    this.#unsent = []
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#flights.sent()
    const [only] = unsent
    this.#stream.write(unsent.length === 1 && only ? only : Buffer.concat(unsent))
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#heardAt = performance.now()
    try {
      this.#reader.push(chunk)
    } catch (error) {
      // After an invalid message, the rest of the stream cannot be trusted.
      void this.close(error)
    }
  }

  #onMessage(type: number, data: Buffer, start: number, end: number): void {
    if (type === FROM_POSTGRES.readyForQuery) {
      this.#status = data[start] ?? IDLE
      this.#land()
      return
    }
    try {
      receive(this.#flights.first, type, data, start, end)
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error
      this.#refuseRest(error)
    }
  }

  /** The sink has refused the answer, so the rest of it is skipped. */
  #refuseRest(error: Error): void {
    if (this.#flights.size === 0) throw error
    this.stop(error)
  }

  #land(): void {
    const flight = this.#flights.land()
    if (flight === undefined) throw new UnexpectedMessage()
    if (flight.error?.fields.code === OUT_OF_MEMORY) this.#isFull = true
    // The slow client has its whole answer; the next flight must not wait for it.
    if (this.#stream.isPaused()) this.#stream.resume()
    if (flight.error === undefined) this.#statements.keep(flight.prepared)
    else this.#statements.dropUnkept(flight.prepared)
    if (!flight.isAbandoned) {
      if (flight.error === undefined) flight.resolve()
      else flight.reject(flight.error)
    }
    const isEmpty = this.#flights.size === 0
    if (this.#state === 'stopping') {
      this.#expect()
      if (isEmpty) this.#onStopped?.()
    } else if (isEmpty) {
      this.#settle()
      this.onIdle()
    } else this.#cancelIfLate()
  }

  #leave(flight: Flight, error: unknown): void {
    if (flight.isAbandoned) return
    abandon(flight, error)
    this.onLeft(flight)
    // Reading may have been paused for this client.
    this.#stream.resume()
  }

  /** Cancels an abandoned first flight, unless it lands soon. */
  #cancelIfLate(): void {
    const { first, age } = this.#flights
    if (!this.isOpen || first?.isAbandoned !== true || this.#grace !== undefined) return
    this.#grace = setTimeout(
      () => {
        // First read what has arrived in the meantime, or our own delay would count as Postgres'.
        setImmediate(() => {
          this.#grace = undefined
          if (this.#flights.first === first) this.stop()
          else this.#cancelIfLate()
        })
      },
      Math.max(0, GRACE_MS - age),
    ).unref()
  }

  async #cancelUntilLanded(): Promise<void> {
    let ms = CANCEL_AGAIN_MS
    while (await this.#cancelOnce(ms)) ms = Math.min(2 * ms, CANCEL_AT_LEAST_EVERY_MS)
  }

  /** Returns whether a flight is still in progress after `ms` milliseconds. */
  async #cancelOnce(ms: number): Promise<boolean> {
    if (!(await cancel(this.#backend))) void this.close()
    if (this.#isStopping() && this.#flights.size > 0) await this.#stopped(ms)
    if (!this.#isStopping()) return false
    if (this.#flights.size > 0) return true
    this.#state = 'open'
    clearTimeout(this.#overdue)
    this.#settle()
    this.onIdle()
    return false
  }

  #isStopping(): boolean {
    return this.#state === 'stopping'
  }

  /** Resolves when stopped, or after `ms` milliseconds. */
  #stopped(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.#onStopped = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Starts the timer after which the session is overdue. */
  #expect(): void {
    clearTimeout(this.#overdue)
    const { first } = this.#flights
    this.#overdue = setTimeout(() => {
      // First read what has arrived in the meantime.
      setImmediate(() => {
        if (!this.isOpen && !this.isClosed && this.#flights.first === first) this.onOverdue(first)
      })
    }, OVERDUE_MS).unref()
  }

  #end(error: unknown): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearTimeout(this.#grace)
    clearTimeout(this.#overdue)
    this.#stream.destroy()
    this.#flights.end(error)
    this.#onStopped?.()
    this.#settle()
    for (const resolve of this.#whenClosed.splice(0)) resolve()
    this.onClose()
  }

  #settle(): void {
    if (this.#whenSettled.length === 0) return
    for (const resolve of this.#whenSettled.splice(0)) resolve()
  }
}
