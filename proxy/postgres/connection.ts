/**
 * One session in Postgres. A flight of statements is one write that ends in one Sync, so it costs
 * one round trip; after anything unexpected the connection is destroyed and never used again.
 */
import type { Duplex } from 'node:stream'
import { cancel, type Backend } from './cancel'
import { login, type Session, type Settings } from './login'
import { PostgresError, readError, readFields, readText, type Field, type Sink } from './messages'
import { MessageReader } from './reader'
import { resetStatements } from './reset'
import { hideStatementName, Statements, type Prepared } from './statements'
import { MessageWriter } from './writer'

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
const code = (letter: string) => letter.charCodeAt(0)
const PARSE_COMPLETE = code('1')
const BIND_COMPLETE = code('2')
const CLOSE_COMPLETE = code('3')
const NO_DATA = code('n')
const ROW_DESCRIPTION = code('T')
const DATA_ROW = code('D')
const COMMAND_COMPLETE = code('C')
const EMPTY_QUERY_RESPONSE = code('I')
const ERROR_RESPONSE = code('E')
const NOTICE_RESPONSE = code('N')
const NOTIFICATION_RESPONSE = code('A')
const PARAMETER_STATUS = code('S')
const READY_FOR_QUERY = code('Z')
/** What ReadyForQuery says outside any transaction. */
const IDLE = code('I')

export type Step = {
  readonly sql: string
  readonly params: readonly (string | null)[]
  /** Kept as a prepared statement under this key; without one it is parsed anew. */
  readonly key?: string
  readonly sink?: Sink
}

/** The session ended, or ran into something that leaves its state in doubt. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

const NO_FIELDS: readonly Field[] = []

type Flight = {
  readonly steps: readonly Step[]
  /** One for each step. */
  readonly prepared: readonly Prepared[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  step: number
  error: PostgresError | undefined
}

export class PostgresConnection {
  readonly #stream: Duplex
  readonly #backend: Backend
  readonly #reader: MessageReader
  readonly #statements = new Statements()
  #flight: Flight | undefined
  #isDead = false
  #status = IDLE
  onClose: () => void = () => undefined

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
      this.#end(this.#flight?.error ?? new ConnectionLost('connection closed'))
    })
    if (stream.destroyed) this.#isDead = true
  }

  /** Alive, idle, and in no transaction. */
  get isReusable(): boolean {
    return !this.#isDead && this.#flight === undefined && this.#status === IDLE
  }

  /** Whether a transaction block is open, or failed and waits for its ROLLBACK. */
  get isInTransaction(): boolean {
    return this.#status !== IDLE
  }

  /**
   * Runs statements in order; the first error skips the rest.
   * @throws PostgresError when Postgres refused one, ConnectionLost, or what a sink threw
   */
  run(steps: readonly Step[]): Promise<void> {
    const writer = new MessageWriter()
    for (const name of this.#statements.takeToClose()) writer.closeStatement(name)
    const prepared: Prepared[] = []
    for (const { key, sql, params, sink } of steps) {
      let statement = this.#statements.find(key)
      if (statement === undefined) {
        statement = this.#statements.add(key)
        writer.parse(statement.name, sql)
      }
      writer.bind(statement.name, params)
      if (sink !== undefined && statement.fields === undefined) writer.describePortal()
      writer.execute()
      prepared.push(statement)
    }
    return this.#send(writer.sync(), steps, prepared)
  }

  /** Reads no further, so that what Postgres sends waits there; ends with the flight at the latest. */
  pause(): void {
    if (this.#flight !== undefined) this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Rolls back whatever transaction is open. */
  rollback(): Promise<void> {
    return this.#send(new MessageWriter().query('ROLLBACK'))
  }

  /** Back to what it was after the login; throws when that failed. */
  async reset(): Promise<void> {
    for (const sql of resetStatements()) await this.#send(new MessageWriter().query(sql))
    this.#statements.forgetAll()
  }

  /** Prepared statements are parsed anew next time, since a plan no longer fits its tables. */
  dropStatements(): void {
    this.#statements.dropAll()
  }

  /** Stops what is running and ends the session. */
  abort(): void {
    if (this.#flight !== undefined) cancel(this.#backend)
    this.destroy()
  }

  destroy(): void {
    this.#end(new ConnectionLost('connection closed'))
  }

  #send(
    writer: MessageWriter,
    steps: readonly Step[] = [],
    prepared: readonly Prepared[] = [],
  ): Promise<void> {
    const isBusy = this.#isDead || this.#flight !== undefined
    if (isBusy) return Promise.reject(new ConnectionLost('connection closed'))
    return new Promise((resolve, reject) => {
      this.#flight = { steps, prepared, resolve, reject, step: 0, error: undefined }
      this.#stream.write(writer.take())
    })
  }

  #read(chunk: Buffer): void {
    if (this.#isDead) return
    try {
      this.#reader.push(chunk)
    } catch (error) {
      // A sink that has enough, or a message that makes no sense: the rest is not worth reading.
      if (this.#flight !== undefined) cancel(this.#backend)
      this.#end(error)
    }
  }

  #onMessage(type: number, data: Buffer, start: number, end: number): void {
    const flight = this.#flight
    const sink = flight?.steps[flight.step]?.sink
    switch (type) {
      case DATA_ROW:
        sink?.onRow(data, start, end)
        break
      case BIND_COMPLETE: {
        const fields = flight?.prepared[flight.step]?.fields
        if (fields !== undefined) sink?.onFields(fields)
        break
      }
      case ROW_DESCRIPTION:
        this.#describe(readFields(data.subarray(start, end)), sink)
        break
      case NO_DATA:
        this.#describe(NO_FIELDS, sink)
        break
      case COMMAND_COMPLETE:
      case EMPTY_QUERY_RESPONSE:
        sink?.onComplete(type === COMMAND_COMPLETE ? readText(data.subarray(start, end)) : '')
        if (flight !== undefined) flight.step++
        break
      case ERROR_RESPONSE: {
        const error = readError(data.subarray(start, end))
        error.message = hideStatementName(error.message)
        if (flight !== undefined) flight.error ??= error
        break
      }
      case READY_FOR_QUERY:
        this.#status = data[start] ?? IDLE
        this.#land()
        break
      case PARSE_COMPLETE:
      case CLOSE_COMPLETE:
      case NOTICE_RESPONSE:
      case NOTIFICATION_RESPONSE:
      case PARAMETER_STATUS:
        break
      default:
        throw new ConnectionLost('unexpected message from server')
    }
  }

  #describe(fields: readonly Field[], sink: Sink | undefined): void {
    const prepared = this.#flight?.prepared[this.#flight.step]
    if (prepared !== undefined) prepared.fields = fields
    sink?.onFields(fields)
  }

  #land(): void {
    const flight = this.#flight
    this.#flight = undefined
    // Whoever read slowly has it all; the next one must not wait for it.
    if (this.#stream.isPaused()) this.#stream.resume()
    if (flight === undefined) throw new ConnectionLost('unexpected message from server')
    if (flight.error === undefined) this.#statements.keep()
    else this.#statements.dropFresh()
    if (flight.error === undefined) flight.resolve()
    else flight.reject(flight.error)
  }

  #end(error: unknown): void {
    const flight = this.#flight
    this.#flight = undefined
    if (!this.#isDead) {
      this.#isDead = true
      this.#stream.destroy()
      this.onClose()
    }
    flight?.reject(error)
  }
}
