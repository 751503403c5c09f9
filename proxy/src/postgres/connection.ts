/**
 * One session in Postgres. Quick reads of several requests may be under way at once, one behind the
 * other; each ends in a Sync of its own, so each is a transaction, an identity and an error of its
 * own. A statement that was given up is cancelled and its session is used again, but only once no
 * cancellation can still arrive. After anything unexpected the session is closed; it counts as open
 * until Postgres has closed it.
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
import { writeFlight } from './write-flight'
import { MessageWriter } from './writer'

/**
 * A statement that was given up before it ran for this long most likely ends sooner than a
 * cancellation, for which Postgres starts a process, could arrive.
 */
const GRACE_MS = 10
/** A cancellation that arrives between two messages of a flight is lost; the next one comes later each time. */
const CANCEL_AGAIN_MS = 250
const CANCEL_AT_LEAST_EVERY_MS = 10_000
/** A statement that was cancelled, or a session that was closed, is overdue after this. */
const OVERDUE_MS = 2_000

/**
 * - `stopping`: a cancellation is under way; the session is `open` again when that has arrived and
 *   all flights have landed.
 * - `closing`: never used again; Postgres has not closed it yet.
 */
type State = 'open' | 'stopping' | 'closing' | 'closed'

export class PostgresConnection {
  /** Of the backend in Postgres. */
  readonly processId: number
  readonly #stream: Duplex
  readonly #backend: Backend
  readonly #searchPath: SearchPath | undefined
  readonly #reader: MessageReader
  readonly #statements = new Statements()
  readonly #flights = new Flights()
  /** Owners that have given up; nothing more is run for them. */
  readonly #left = new WeakSet()
  /** Flights of the same turn of the event loop, which are one write. */
  #unsent: Buffer[] = []
  #state: State = 'open'
  #status = IDLE
  #isLost = false
  #isFull = false
  /** When Postgres last said anything. */
  #heardAt = performance.now()
  #grace: NodeJS.Timeout | undefined
  #overdue: NodeJS.Timeout | undefined
  /** Called when all flights have landed of a session that is being stopped, or it was closed. */
  #onStopped: (() => void) | undefined
  #whenSettled: (() => void)[] = []
  #whenClosed: (() => void)[] = []
  /** Read before any of its prepared statements was parsed; undefined: not known, so that none may be used. */
  schemaVersion: SchemaVersion | undefined
  /** Postgres has closed the session. */
  onClose: () => void = () => undefined
  /** All flights have landed, and the session may be used. */
  onIdle: () => void = () => undefined
  /** The owner of a flight that is still under way has given it up. */
  onLeft: (flight: Flight) => void = () => undefined
  /** The first flight took too long for its owner, who has given it up: it is being cancelled. */
  onStop: (first: Flight) => void = () => undefined
  /** Postgres should have been through with the first flight, or have closed the session, by now. */
  onOverdue: (first: Flight | undefined) => void = () => undefined

  /** @param maxMessageBytes the longest message that is read, such as one row */
  static async open(settings: Settings, maxMessageBytes: number): Promise<PostgresConnection> {
    return PostgresConnection.over(await login(settings), maxMessageBytes)
  }

  /** Speaks on a session that has logged in already. */
  static over(session: Session, maxMessageBytes: number): PostgresConnection {
    return new PostgresConnection(session, maxMessageBytes)
  }

  private constructor(
    { stream, backend, processId, searchPath }: Session,
    maxMessageBytes: number,
  ) {
    this.processId = processId
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

  /** Not being stopped or closed. */
  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Postgres has closed the session, or it was destroyed. */
  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** The network has lost the connection, and Postgres may not know. */
  get isLost(): boolean {
    return this.#isLost
  }

  /**
   * A statement found no memory. What took it may be kept in the session: Postgres remembers each time
   * zone and each type of a row that it has met, and no reset frees those.
   */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Whether a transaction block is open, or failed and waits for its ROLLBACK. */
  get isInTransaction(): boolean {
    return this.#status !== IDLE
  }

  /** Where names without a schema are looked up; undefined where that is the client's to say. */
  get searchPath(): SearchPath | undefined {
    return this.#searchPath
  }

  /** Flights that are under way. */
  get depth(): number {
    return this.#flights.size
  }

  /** Milliseconds for which Postgres has been at work on the first of them. */
  get age(): number {
    return this.#flights.age
  }

  /** Milliseconds for which Postgres has said nothing, since the first flight began if there is one. */
  get silentMs(): number {
    // Nothing is read for a client that reads slowly.
    if (this.#stream.isPaused()) return 0
    const silent = performance.now() - this.#heardAt
    return this.#flights.size === 0 ? silent : Math.min(silent, this.age)
  }

  /** Whether a statement is prepared here beyond doubt. */
  knows(key: string): boolean {
    return this.isOpen && this.#statements.find(key)?.isKept === true
  }

  /**
   * Runs statements in order; the first error skips the rest.
   * @param turn without one, or unless it says so, nothing else may be under way
   * @throws PostgresError when Postgres refused one, ConnectionLost, Stalled, or what a sink threw
   */
  run(steps: readonly Step[], turn?: Turn): Promise<void> {
    const { bytes, prepared } = writeFlight(this.#statements, steps)
    return this.#send(bytes, steps, prepared, turn)
  }

  /** Reads no further, so that what Postgres sends waits there; ends with the flight at the latest. */
  pause(): void {
    if (this.#flights.first?.isAbandoned === false) this.#stream.pause()
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
    for (const sql of resetStatements(this.#searchPath))
      await this.#send(new MessageWriter().query(sql).take())
    this.#statements.forgetAll()
  }

  /** Prepared statements are parsed anew next time, since the schema has changed. */
  dropStatements(): void {
    this.#statements.dropAll()
  }

  /** The first flight takes too long: those behind it throw Stalled and are made elsewhere. */
  releaseFollowers(): void {
    this.#flights.abandonFollowers(new Stalled('held up by another statement'))
  }

  /** Runs nothing more for an owner; what is under way is cancelled if Postgres takes long over it. */
  giveUp(owner: object): void {
    this.#left.add(owner)
    const flight = this.#flights.of(owner)
    if (flight === undefined) return
    this.#leave(flight, new ConnectionLost('given up'))
    this.#cancelIfLate()
  }

  /** Cancels what is running: its request is refused, those behind it run on other sessions. */
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

  /** Resolves when nothing is under way any more, or the session is closing. */
  settled(): Promise<void> {
    const isBusy = this.#state === 'stopping' || (this.isOpen && this.#flights.size > 0)
    if (!isBusy) return Promise.resolve()
    return new Promise((resolve) => {
      this.#whenSettled.push(resolve)
    })
  }

  /** Never used again; what is running is cancelled. Resolves when Postgres has closed the session. */
  close(error: unknown = new ConnectionLost('connection closed')): Promise<void> {
    if (this.isClosed) return Promise.resolve()
    const closed = new Promise<void>((resolve) => {
      this.#whenClosed.push(resolve)
    })
    if (this.#state === 'closing') return closed
    this.#state = 'closing'
    // It may arrive late, since nothing runs here any more.
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
   * The network has lost the connection: it is forgotten, and what others may be sent behind is made
   * elsewhere, unless some of its answer has come.
   */
  lose(): void {
    this.#isLost = true
    const { first } = this.#flights
    if (first?.turn.follows === true && performance.now() - this.#heardAt >= this.age)
      abandon(first, new Stalled('connection lost'))
    this.#end(new ConnectionLost('connection lost'))
  }

  /** Cancels what is running and forgets the session, whether or not Postgres has closed it. */
  destroy(): void {
    if (this.#flights.size > 0) void cancel(this.#backend)
    this.#end(new ConnectionLost('connection closed'))
  }

  #send(
    bytes: Buffer,
    steps: readonly Step[] = [],
    prepared: readonly Prepared[] = [],
    turn: Turn = { owner: this, follows: false },
  ): Promise<void> {
    if (this.#state === 'stopping' && turn.follows) return Promise.reject(new Stalled('stopping'))
    const isBusy = !this.isOpen || (this.#flights.size > 0 && !turn.follows)
    if (isBusy || this.#left.has(turn.owner)) {
      return Promise.reject(new ConnectionLost('connection closed'))
    }
    return new Promise((resolve, reject) => {
      this.#flights.add(new Flight(steps, prepared, turn, resolve, reject))
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
      // A message that makes no sense: neither will the rest.
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

  /** A sink has enough, or could not read what came: the rest of its answer is passed over. */
  #refuseRest(error: Error): void {
    if (this.#flights.size === 0) throw error
    this.stop(error)
  }

  #land(): void {
    const flight = this.#flights.land()
    if (flight === undefined) throw new UnexpectedMessage()
    if (flight.error?.fields.code === OUT_OF_MEMORY) this.#isFull = true
    // Whoever read slowly has it all; the next one must not wait for it.
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
    // The slow reader has left.
    this.#stream.resume()
  }

  /** Nobody waits for the first flight: it is cancelled, unless it lands soon. */
  #cancelIfLate(): void {
    const { first, age } = this.#flights
    if (!this.isOpen || first?.isAbandoned !== true || this.#grace !== undefined) return
    this.#grace = setTimeout(
      () => {
        // After what has arrived meanwhile was read, or our own delay would pass for Postgres'.
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

  /** Returns whether something is still running so many milliseconds later. */
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

  /** Resolves after so many milliseconds at the latest. */
  #stopped(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.#onStopped = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** What Postgres is at work on is to end soon. */
  #expect(): void {
    clearTimeout(this.#overdue)
    const { first } = this.#flights
    this.#overdue = setTimeout(() => {
      // After what has arrived meanwhile was read.
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
