/**
 * Passes a session's messages to Postgres and its answers back. A session in Postgres is held only while a
 * transaction is open, or messages without a Sync are; the identity is set where a transaction begins, in
 * the same round trip, and before any savepoint.
 */
import { Cancellation } from '../cancellation'
import { ProxyError, toProxyError } from '../errors'
import type { InFlight } from '../limits/in-flight'
import type { StatementMeters } from '../limits/statement-meter'
import type { PostgresConnection } from '../postgres/connection'
import type { Step } from '../postgres/flight'
import type { Access } from './access'
import { AnswerDeadline } from './answer-deadline'
import { Answers } from './answers'
import type { ClientStream } from './client-stream'
import { createFlight, relayFlight, type Flight } from './flight'
import { Leases, type Lease } from './lease'
import type { Replies, Reply } from './replies'
import { explain, idleInTransaction, notReading, stalePlan, timedOut } from './session-errors'
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

const MOST_TRIES = 3

export class Pipeline {
  readonly answers: Answers
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
  #lease: Lease | undefined
  readonly #leases: Leases
  readonly #deadline: AnswerDeadline

  constructor(client: ClientStream, access: Access, parts: PipelineParts) {
    this.#client = client
    this.#access = access
    this.#parts = parts
    this.answers = new Answers(client, access.isPinned)
    this.replies = this.answers.replies
    this.#leases = new Leases(access, parts.inFlight)
    this.#deadline = new AnswerDeadline({
      ms: parts.requestTimeoutMs,
      onDue: () => this.#onDue(),
      onOverdue: () => {
        this.onFatal(timedOut())
      },
    })
    client.onFull = () => {
      this.#lease?.connection.pause()
      this.#flight?.meter?.pause()
    }
    client.onDrained = () => {
      this.#lease?.connection.resume()
      this.#flight?.meter?.resume()
    }
  }

  /** Nothing of a transaction has reached Postgres, or is about to. */
  get isUntouched(): boolean {
    return this.#lease === undefined && this.#flight === undefined && this.#pending.length === 0
  }

  /** Messages without a Sync are waiting or on their way. */
  get isOpen(): boolean {
    return this.#flight !== undefined || this.#pending.length > 0
  }

  /** The client holds a session in Postgres, or is about to. */
  get isHolding(): boolean {
    return this.#lease !== undefined || this.#flight !== undefined
  }

  /** The schema that this transaction sees. */
  get schema(): string | undefined {
    return this.#lease?.connection.schemaVersion?.changes
  }

  /**
   * A statement that is used now was described to the client under this schema.
   * @throws ProxyError when the schema has changed since; drivers then prepare the statement again
   */
  requireSchema(schema: string | undefined): void {
    if (this.#lease === undefined) this.#schemas.add(schema)
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
    this.answers.error = error
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
    if (this.#lease !== undefined) this.#lease.isClean = false
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
      this.#lease?.connection.append(bytes)
      flight.meter?.resume()
      this.#deadline.start()
    }
    return flight
  }

  /** Cancels the statement that runs, as the client asked. */
  cancel(reason?: ProxyError): void {
    this.#leases.cancel(reason)
    const flight = this.#flight
    if (this.#lease === undefined || flight?.isSent !== true || this.replies.isEmpty) return
    flight.reason ??= reason
    this.#lease.cancelRunning()
  }

  /** Gives everything up. @returns once the session in Postgres is free or closing */
  async abort(): Promise<void> {
    this.#deadline.stop()
    this.#leases.cancel()
    const lease = this.#lease
    const flight = this.#flight
    if (lease !== undefined && flight !== undefined) {
      // Without a Sync, the flight would never land.
      if (!flight.isSynced && !flight.isCut) lease.connection.append(SYNC)
      lease.connection.giveUp(lease.owner)
    }
    await flight?.landed
    this.#release()
  }

  #begin(bytes: Buffer, isSynced: boolean): Flight {
    const flight = createFlight(bytes, isSynced)
    this.#flight = flight
    flight.landed = this.#fly(flight)
    return flight
  }

  async #fly(flight: Flight): Promise<void> {
    try {
      await this.#check()
      for (let tries = 1; ; tries++) {
        const lease = (this.#lease ??= await this.#leases.take(this.tables, !this.#leavesState))
        for (const schema of this.#schemas) if (schema !== this.schema) throw stalePlan()
        await this.#relay(flight, lease)
        const { refused } = flight
        if (refused === undefined) break
        const mayTry = tries < MOST_TRIES && flight.unanswered !== undefined
        if (!mayTry || !(await this.#access.mayBeginAgain(refused, lease.connection))) {
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
      this.#deadline.stop()
      if (this.#flight === flight) this.#flight = undefined
    }
  }

  /** In a transaction, a refusal has to fail it. */
  async #check(): Promise<void> {
    try {
      await this.#access.check()
    } catch (error) {
      const flight = this.#flight
      if (this.#lease === undefined || flight === undefined) throw error
      this.replies.fail()
      this.replies.expect({ kind: 'parse', insteadOfError: errorResponse(toProxyError(error)) })
      flight.unanswered = [FAILING, ...(flight.isSynced ? [SYNC] : [])]
      this.isSkipping = true
    }
  }

  async #relay(flight: Flight, lease: Lease): Promise<void> {
    const { connection } = lease
    const steps = connection.isInTransaction ? [] : this.#firstSteps(connection)
    const spent = new Cancellation()
    spent.listen((reason) => {
      this.cancel(toProxyError(reason))
    })
    flight.meter = this.#parts.meters.start(this.#access.user, spent)
    this.#deadline.start()
    await relayFlight(flight, lease, {
      steps,
      meter: flight.meter,
      user: this.#access.user,
      onAnswer: (type, whole, body) => {
        this.#onAnswer(flight, type, whole, body)
      },
    })
  }

  #firstSteps(connection: PostgresConnection): readonly Step[] {
    const start: Step[] = this.beginning === undefined ? [] : [{ sql: this.beginning, params: [] }]
    return [...start, ...this.settings(), ...this.#access.begin(connection)]
  }

  #onAnswer(flight: Flight, type: number, whole: Buffer, body: Buffer): void {
    if (!this.answers.receive(type, whole, body, flight.reason)) this.isSkipping = true
    else if (this.replies.isEmpty && !flight.isSynced) flight.meter?.pause()
  }

  /** @param error why there is no answer of Postgres' */
  #land(flight: Flight, error?: unknown): void {
    const lease = this.#lease
    if (error !== undefined) {
      this.replies.fail()
      this.isSkipping = true
      const told = (this.answers.error = explain(error, flight.reason))
      if (told.code === 'session_ended') {
        this.onFatal(told)
        return
      }
      const wasOpen = this.status !== 'I' && flight.isSent
      if (flight.isSent && !(error instanceof ProxyError)) {
        // What was sent may be lost, and a transaction with it.
        if (lease !== undefined) this.#release()
        if (wasOpen) {
          this.onFatal(told)
          return
        }
      }
      this.#client.write(errorResponse(told))
    }
    const status = this.#lease?.status
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
    const lease = this.#lease
    if (lease === undefined) return
    this.#lease = undefined
    this.#leavesState = false
    this.#schemas.clear()
    this.tables = undefined
    lease.release()
  }

  /** @returns whether a statement was cancelled, and should end soon */
  #onDue(): boolean {
    if (this.#flight === undefined) return false
    if (this.#client.isFull || this.replies.isEmpty) {
      this.onFatal(this.#client.isFull ? notReading() : idleInTransaction())
      return false
    }
    this.cancel(timedOut())
    return true
  }
}
