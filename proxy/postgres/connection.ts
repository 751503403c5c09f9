/**
 * One session in Postgres. A flight of statements is one write that ends in one Sync, so it costs
 * one round trip; after anything unexpected the connection is destroyed and never used again.
 */
import type { Duplex } from 'node:stream'
import { cancel, type Backend } from './cancel'
import { login, type Session, type Settings } from './login'
import { PostgresError, readError, readFields, readRow, readText, type Sink } from './messages'
import { MessageReader } from './reader'
import { resetStatements } from './reset'
import { hideStatementName, Statements } from './statements'
import { MessageWriter } from './writer'

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

type Flight = {
  readonly steps: readonly Step[]
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
  #status = 'I'
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
    this.#reader = new MessageReader(maxMessageBytes, (type, body) => {
      this.#onMessage(type, body)
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
    return !this.#isDead && this.#flight === undefined && this.#status === 'I'
  }

  /** Whether a transaction block is open, or failed and waits for its ROLLBACK. */
  get isInTransaction(): boolean {
    return this.#status !== 'I'
  }

  /**
   * Runs statements in order; the first error skips the rest.
   * @throws PostgresError when Postgres refused one, ConnectionLost, or what a sink threw
   */
  run(steps: readonly Step[]): Promise<void> {
    const writer = new MessageWriter()
    for (const name of this.#statements.takeToClose()) writer.closeStatement(name)
    for (const step of steps) {
      const prepared =
        step.key === undefined ? { name: '', isNew: true } : this.#statements.prepare(step.key)
      if (prepared.isNew) writer.parse(prepared.name, step.sql)
      writer.bind(prepared.name, step.params)
      if (step.sink !== undefined) writer.describePortal()
      writer.execute()
    }
    return this.#send(writer.sync(), steps)
  }

  /** Rolls back whatever transaction is open. */
  rollback(): Promise<void> {
    return this.#send(new MessageWriter().query('ROLLBACK'), [])
  }

  /** Back to what it was after the login; throws when that failed. */
  async reset(): Promise<void> {
    for (const sql of resetStatements()) await this.#send(new MessageWriter().query(sql), [])
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

  #send(writer: MessageWriter, steps: readonly Step[]): Promise<void> {
    const isBusy = this.#isDead || this.#flight !== undefined
    if (isBusy) return Promise.reject(new ConnectionLost('connection closed'))
    return new Promise((resolve, reject) => {
      this.#flight = { steps, resolve, reject, step: 0, error: undefined }
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

  /** https://www.postgresql.org/docs/current/protocol-message-formats.html */
  #onMessage(type: string, body: Buffer): void {
    const flight = this.#flight
    const sink = flight?.steps[flight.step]?.sink
    switch (type) {
      case '1': // ParseComplete
      case '2': // BindComplete
      case '3': // CloseComplete
      case 'n': // NoData
      case 'N': // NoticeResponse
      case 'A': // NotificationResponse
      case 'S': // ParameterStatus
        break
      case 'T': // RowDescription
        sink?.onFields(readFields(body))
        break
      case 'D': // DataRow
        sink?.onRow(readRow(body), body.length)
        break
      case 'C': // CommandComplete
      case 'I': // EmptyQueryResponse
        sink?.onComplete(type === 'C' ? readText(body) : '')
        if (flight !== undefined) flight.step++
        break
      case 'E': {
        const error = readError(body)
        error.message = hideStatementName(error.message)
        if (flight !== undefined) flight.error ??= error
        break
      }
      case 'Z': // ReadyForQuery
        this.#status = body.toString('latin1')
        this.#land()
        break
      default:
        throw new ConnectionLost('unexpected message from server')
    }
  }

  #land(): void {
    const flight = this.#flight
    this.#flight = undefined
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
