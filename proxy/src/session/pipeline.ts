/**
 * Passes a session's messages to Postgres and its answers back. A session in Postgres is held only while a
 * transaction is open, or messages without a Sync are; the identity is set where a transaction begins, in
 * the same round trip, and before any savepoint.
 */
import { Cancellation } from '../cancellation'
import { ProxyError, toProxyError } from '../errors'
import type { InFlight, Place } from '../limits/in-flight'
import type { Meter, StatementMeters } from '../limits/statement-meter'
import type { PostgresConnection } from '../postgres/connection'
import type { Step } from '../postgres/flight'
import { FROM_POSTGRES, PostgresError, readError } from '../postgres/messages'
import type { Access } from './access'
import type { ClientStream } from './client-stream'
import { Replies, type Reply } from './replies'
import {
  explain,
  idleInTransaction,
  notReading,
  stalePlan,
  timedOut,
  userCancelled,
} from './session-errors'
import { errorResponse, type Status } from './to-client'
import { FAILING, FLUSH, SYNC } from './to-postgres'

export type PipelineParts = {
  readonly meters: StatementMeters
  readonly inFlight: InFlight
  /** How long Postgres may take for what one Sync ends. */
  readonly requestTimeoutMs: number
  /** With more than this, messages are sent before the client asks for it. */
  readonly maxPendingBytes: number
}

/** A session in Postgres, held by this one. */
type Hold = {
  readonly connection: PostgresConnection
  /** Its owner; cancelled when the session ends. */
  readonly cancellation: Cancellation
  readonly place: Place
  isClean: boolean
  /** A cancellation that may still arrive; false when that cannot be known. */
  cancelling: Promise<boolean> | undefined
}

/** Messages on their way, up to a Sync. */
type Flight = {
  /** Kept until Postgres answers, to be sent once more on another session. */
  unanswered: Buffer[] | undefined
  isSynced: boolean
  isSent: boolean
  /** The proxy has ended it, because Postgres ignores what follows. */
  isCut: boolean
  /** Steps before the client's messages failed. */
  refused: PostgresError | undefined
  hasFailed: boolean
  /** Why it is being cancelled. */
  reason: ProxyError | undefined
  meter: Meter | undefined
  landed: Promise<void>
}

/** How long a cancelled statement may take to end. */
const CANCELLED_MS = 2_000
const MOST_TRIES = 3

export class Pipeline {
  readonly replies: Replies
  /** Of the transaction, as the client knows it. */
  status: Status = 'I'
  /** The client's next messages are ignored up to its Sync. */
  isSkipping = false
  /** Tables of the first statement, for the queue. */
  tables: readonly string[] | undefined
  /** `START TRANSACTION …`, not yet sent. */
  beginning: string | undefined
  /** Settings for a transaction that begins. */
  settings: () => readonly Step[] = () => []
  /** The command tag that ended a transaction in the current flight. */
  endTag: string | undefined
  /** Rows since the last answer, for the log. */
  rows = 0
  /** The last error that was sent, for the log. */
  error: ProxyError | undefined
  /** A transaction has ended. */
  onEnd: (isCommitted: boolean) => void = () => undefined
  /** The session cannot go on. */
  onFatal: (error: ProxyError) => void = () => undefined
  readonly #client: ClientStream
  readonly #access: Access
  readonly #parts: PipelineParts
  #pending: Buffer[] = []
  #pendingBytes = 0
  #leavesState = false
  /** Those that statements were described under which are used in the next transaction. */
  readonly #schemas = new Set<string | undefined>()
  #isEnding = false
  #flight: Flight | undefined
  #hold: Hold | undefined
  #acquiring: Cancellation | undefined
  #deadline: NodeJS.Timeout | undefined

  constructor(client: ClientStream, access: Access, parts: PipelineParts) {
    this.#client = client
    this.#access = access
    this.#parts = parts
    this.replies = new Replies((bytes) => {
      client.write(bytes)
    })
    client.onFull = () => {
      this.#hold?.connection.pause()
      this.#flight?.meter?.pause()
    }
    client.onDrained = () => {
      this.#hold?.connection.resume()
      this.#flight?.meter?.resume()
    }
  }

  /** Nothing of a transaction has reached Postgres, or is about to. */
  get isUntouched(): boolean {
    return this.#hold === undefined && this.#flight === undefined && this.#pending.length === 0
  }

  /** Messages without a Sync are waiting or on their way. */
  get isOpen(): boolean {
    return this.#flight !== undefined || this.#pending.length > 0
  }

  /** The client holds a session in Postgres, or is about to. */
  get isHolding(): boolean {
    return this.#hold !== undefined || this.#flight !== undefined
  }

  /** The schema that this transaction sees. */
  get schema(): string | undefined {
    return this.#hold?.connection.schemaVersion?.changes
  }

  /**
   * A statement that is used now was described to the client under this schema.
   * @throws ProxyError when the schema has changed since; drivers then prepare the statement again
   */
  requireSchema(schema: string | undefined): void {
    if (this.#hold === undefined) this.#schemas.add(schema)
    else if (schema !== this.schema) throw stalePlan()
  }

  /** Passes a message on. */
  async emit(bytes: Buffer, reply: Reply): Promise<void> {
    if (this.#isEnding) await this.sync()
    if (this.isSkipping) return
    this.#pending.push(bytes)
    this.#pendingBytes += bytes.length
    this.replies.expect(reply)
    if (this.#pendingBytes > this.#parts.maxPendingBytes) this.#send(false)
  }

  /** What follows is another transaction, which begins with the identity. */
  endTransaction(): void {
    this.#isEnding = true
  }

  /** Refuses what the client asked for. In a transaction, Postgres has to know of the failure. */
  refuse(thrown: unknown): void {
    if (this.isSkipping) return
    const error = toProxyError(thrown)
    this.error = error
    const bytes = errorResponse(error)
    if (this.isUntouched) {
      this.replies.add(bytes)
      if (this.status === 'T') this.status = 'E'
    } else {
      this.#pending.push(FAILING)
      this.replies.expect({ kind: 'parse', insteadOfError: bytes })
    }
    this.isSkipping = true
  }

  /** The session in Postgres must be reset afterwards. */
  markUnclean(): void {
    this.#leavesState = true
    if (this.#hold !== undefined) this.#hold.isClean = false
  }

  /** Asks Postgres for its answers so far, without waiting for them. */
  flush(): void {
    if (!this.isOpen) return
    this.#pending.push(FLUSH)
    this.#send(false)
  }

  /** Ends what was sent since the last Sync, and waits until Postgres is through with it. */
  async sync(): Promise<void> {
    this.#isEnding = false
    if (!this.isOpen) return
    this.#pending.push(SYNC)
    await this.#send(true).landed
  }

  #send(isSynced: boolean): Flight {
    const bytes = Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingBytes = 0
    const flight = this.#flight
    if (flight === undefined) return this.#begin(bytes, isSynced)
    flight.isSynced ||= isSynced
    flight.unanswered?.push(bytes)
    if (flight.isSent && !flight.isCut) {
      this.#hold?.connection.append(bytes)
      flight.meter?.resume()
      this.#startDeadline()
    }
    return flight
  }

  /** Cancels the statement that runs, as the client asked. */
  cancel(reason?: ProxyError): void {
    this.#acquiring?.cancel(reason ?? userCancelled())
    const hold = this.#hold
    const flight = this.#flight
    if (hold === undefined || flight?.isSent !== true || this.replies.isEmpty) return
    flight.reason ??= reason
    const earlier = hold.cancelling ?? Promise.resolve(true)
    const cancelling = hold.connection.cancelRunning()
    hold.cancelling = Promise.all([earlier, cancelling]).then((all) => all.every(Boolean))
  }

  /** Gives everything up. @returns once the session in Postgres is free or closing */
  async abort(): Promise<void> {
    clearTimeout(this.#deadline)
    this.#acquiring?.cancel(userCancelled())
    const hold = this.#hold
    const flight = this.#flight
    if (hold !== undefined && flight !== undefined) {
      // Without a Sync, the flight would never land.
      if (!flight.isSynced && !flight.isCut) hold.connection.append(SYNC)
      hold.connection.giveUp(hold.cancellation)
    }
    await flight?.landed
    this.#release()
  }

  #begin(bytes: Buffer, isSynced: boolean): Flight {
    const flight: Flight = {
      unanswered: [bytes],
      isSynced,
      isSent: false,
      isCut: false,
      refused: undefined,
      hasFailed: false,
      reason: undefined,
      meter: undefined,
      landed: Promise.resolve(),
    }
    this.#flight = flight
    flight.landed = this.#fly(flight)
    return flight
  }

  async #fly(flight: Flight): Promise<void> {
    try {
      await this.#check()
      for (let tries = 1; ; tries++) {
        const hold = (this.#hold ??= await this.#acquire())
        for (const schema of this.#schemas) if (schema !== this.schema) throw stalePlan()
        await this.#relay(flight, hold)
        const { refused } = flight
        if (refused === undefined) break
        const mayTry = tries < MOST_TRIES && flight.unanswered !== undefined
        if (!mayTry || !(await this.#access.mayBeginAgain(refused, hold.connection))) {
          throw new ProxyError('postgres_error', refused.message, refused.fields)
        }
        flight.refused = undefined
        flight.isSent = flight.isCut = false
        this.#release()
      }
      this.#land(flight)
    } catch (error) {
      this.#land(flight, error)
    } finally {
      clearTimeout(this.#deadline)
      if (this.#flight === flight) this.#flight = undefined
    }
  }

  /** In a transaction, a refusal has to fail it. */
  async #check(): Promise<void> {
    try {
      await this.#access.check()
    } catch (error) {
      const flight = this.#flight
      if (this.#hold === undefined || flight === undefined) throw error
      this.replies.fail()
      this.replies.expect({ kind: 'parse', insteadOfError: errorResponse(toProxyError(error)) })
      flight.unanswered = [FAILING, ...(flight.isSynced ? [SYNC] : [])]
      this.isSkipping = true
    }
  }

  async #acquire(): Promise<Hold> {
    const place = this.#parts.inFlight.enter(this.#access.user)
    const cancellation = (this.#acquiring = new Cancellation())
    try {
      const connection = await this.#access.acquire(cancellation, this.tables)
      return { connection, cancellation, place, isClean: !this.#leavesState, cancelling: undefined }
    } catch (error) {
      place.leave()
      throw error
    } finally {
      this.#acquiring = undefined
    }
  }

  async #relay(flight: Flight, hold: Hold): Promise<void> {
    const { connection, cancellation } = hold
    const steps = connection.isInTransaction ? [] : this.#firstSteps(connection)
    const ended = new Cancellation()
    ended.listen((reason) => {
      this.cancel(toProxyError(reason))
    })
    const meter = this.#parts.meters.start(this.#access.user, ended)
    flight.meter = meter
    flight.isSent = true
    this.#startDeadline()
    const relay = {
      onMessage: (type: number, whole: Buffer, body: Buffer) => {
        this.#onMessage(flight, type, whole, body)
      },
      onRefused: (error: PostgresError) => {
        flight.refused = error
        if (!flight.isSynced) connection.append(SYNC)
        flight.isCut = true
      },
    }
    const turn = {
      owner: cancellation,
      user: this.#access.user,
      follows: false,
      onLanded: (ms: number) => {
        meter.landed(ms)
      },
    }
    try {
      await connection.relay(steps, Buffer.concat(flight.unanswered ?? []), relay, turn)
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error
      flight.hasFailed = true
    } finally {
      meter.release(connection.depth > 0)
    }
  }

  #firstSteps(connection: PostgresConnection): readonly Step[] {
    const start: Step[] = this.beginning === undefined ? [] : [{ sql: this.beginning, params: [] }]
    return [...start, ...this.settings(), ...this.#access.begin(connection)]
  }

  #onMessage(flight: Flight, type: number, whole: Buffer, body: Buffer): void {
    flight.unanswered = undefined
    switch (type) {
      case FROM_POSTGRES.errorResponse:
        this.#onError(flight, whole, body)
        break
      case FROM_POSTGRES.noticeResponse:
        if (!this.replies.hidesNotices) this.#client.write(whole)
        break
      case FROM_POSTGRES.parameterStatus:
        if (this.#access.gate === undefined) this.#client.write(whole)
        break
      case FROM_POSTGRES.notificationResponse:
        break
      default:
        if (type === FROM_POSTGRES.dataRow) this.rows++
        this.replies.receive(type, whole, body)
        if (this.replies.isEmpty && !flight.isSynced) flight.meter?.pause()
    }
  }

  #onError(flight: Flight, whole: Buffer, body: Buffer): void {
    const instead = this.replies.fail()
    const { message: what, fields } = readError(body)
    if (instead !== undefined) this.#client.write(instead)
    else if (flight.reason !== undefined && fields.code === '57014') {
      this.error = flight.reason
      this.#client.write(errorResponse(flight.reason))
    } else {
      this.error = new ProxyError('postgres_error', what, fields)
      this.#client.write(whole)
    }
    this.isSkipping = true
  }

  /** @param error why there is no answer of Postgres' */
  #land(flight: Flight, error?: unknown): void {
    const hold = this.#hold
    if (error !== undefined) {
      this.replies.fail()
      this.isSkipping = true
      this.error = explain(error, flight.reason)
      if (this.error.code === 'session_ended') {
        this.onFatal(this.error)
        return
      }
      const wasOpen = this.status !== 'I' && flight.isSent
      if (flight.isSent && !(error instanceof ProxyError)) {
        // What was sent may be lost, and a transaction with it.
        if (hold !== undefined) this.#release()
        if (wasOpen) {
          this.onFatal(this.error)
          return
        }
      }
      this.#client.write(errorResponse(this.error))
    }
    const status = this.#hold && statusOf(this.#hold.connection)
    if (!flight.isSent && status !== 'T' && status !== 'E') {
      // Nothing has begun in Postgres. A transaction that the client has begun has failed.
      this.#release()
      if (this.status === 'T') this.status = 'E'
      else if (this.status === 'I') this.#end(false)
      return
    }
    if (status === undefined) {
      this.#end(false)
      return
    }
    if (status !== 'I') {
      this.status = status
      this.beginning = undefined
      return
    }
    const isCommitted =
      this.endTag === undefined
        ? !flight.hasFailed && error === undefined
        : this.endTag === 'COMMIT'
    this.#release()
    this.#end(isCommitted)
  }

  #end(isCommitted: boolean): void {
    this.status = 'I'
    this.beginning = undefined
    this.endTag = undefined
    this.onEnd(isCommitted)
  }

  #release(): void {
    const hold = this.#hold
    if (hold === undefined) return
    this.#hold = undefined
    this.#leavesState = false
    this.#schemas.clear()
    this.tables = undefined
    hold.place.holdUntil(this.#giveBack(hold))
    hold.place.leave()
  }

  async #giveBack({ connection, cancelling, isClean }: Hold): Promise<void> {
    // It could hit the next user's statement.
    if (cancelling !== undefined && !(await cancelling)) void connection.close()
    await this.#access.release(connection, isClean)
  }

  #startDeadline(): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => {
      this.#onDeadline()
    }, this.#parts.requestTimeoutMs)
  }

  #onDeadline(): void {
    const flight = this.#flight
    if (flight === undefined) return
    if (this.#client.isFull || this.replies.isEmpty) {
      this.onFatal(this.#client.isFull ? notReading() : idleInTransaction())
      return
    }
    this.cancel(timedOut())
    this.#deadline = setTimeout(() => {
      this.onFatal(timedOut())
    }, CANCELLED_MS)
  }
}

function statusOf({ status }: PostgresConnection): Status {
  const letter = String.fromCharCode(status)
  return letter === 'T' || letter === 'E' ? letter : 'I'
}
