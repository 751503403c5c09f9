/** One client's session after its login: the server side of Postgres' protocol, message by message. */
import { Cancellation, cancelled } from '../cancellation'
import { ProxyError, toProxyError } from '../errors'
import type { Part } from '../gate/commands'
import type { Verdict } from '../gate/decide'
import { placesOf, type Log } from '../http/logger'
import { FROM_POSTGRES } from '../postgres/messages'
import type { WorkContext } from '../threads/work-context'
import type { Access } from './access'
import type { ClientStream } from './client-stream'
import type { IsCatalogQuery, ReadCommands } from './commands'
import { Control, failed, isControl, TOKEN_SETTING } from './control'
import {
  FROM_CLIENT,
  malformed,
  readBind,
  readExecute,
  readNamed,
  readParse,
  readText,
  requireEmpty,
  type Message,
} from './from-client'
import { requireSmallParams } from './params'
import { idleInTransaction, parseMessage, Pipeline, type PipelineParts } from './pipeline'
import { requireShown, type SessionSettings } from './settings'
import { Statements, type Statement } from './statements'
import {
  BIND_COMPLETE,
  CLOSE_COMPLETE,
  EMPTY_QUERY,
  errorResponse,
  int16,
  int32,
  message,
  NO_DATA,
  NO_PARAMETERS,
  parameterStatus,
  PARSE_COMPLETE,
  readyForQuery,
  text,
} from './to-client'

export type SessionParts = PipelineParts & {
  readonly serializable: boolean
  readonly log: Log
  readonly idleMs: number
  readonly idleInTransactionMs: number
  /** The longest transaction. */
  readonly transactionMs: number
}

/** What identifies it to the outside. */
export type SessionSettingsOf = {
  readonly id: string
  readonly client: ClientStream
  readonly access: Access
  readonly settings: SessionSettings
  readonly readCommands: ReadCommands
  readonly isCatalogQuery: IsCatalogQuery
  readonly spendCpu: WorkContext['spendCpu']
}

const BIND_UNNAMED = message('B', text(''), text(''), int16(0), int16(0), int16(0))
const DESCRIBE_UNNAMED = message('D', Buffer.from('P'), text(''))
const EXECUTE_UNNAMED = message('E', text(''), int32(0))
const CATALOG_QUERY: Verdict = { leavesState: false, isRead: true, holdsContent: true }
/** Settings that are reported, by Postgres' spelling. */
const REPORTED = [
  ['timezone', 'TimeZone'],
  ['application_name', 'application_name'],
] as const

export class Session {
  readonly id: string
  readonly #client: ClientStream
  readonly #access: Access
  readonly #settings: SessionSettings
  readonly #readCommands: ReadCommands
  readonly #isCatalogQuery: IsCatalogQuery
  readonly #parts: SessionParts
  readonly #statements = new Statements()
  readonly #pipeline: Pipeline
  readonly #control: Control
  /** For work in threads. */
  readonly #context: WorkContext
  readonly #cancellation = new Cancellation()
  readonly #reported = new Map<string, string>()
  /** The statement that is Postgres' unnamed one; undefined where that is not known. */
  #current: Statement | undefined
  #timer: NodeJS.Timeout | undefined
  #transactionTimer: NodeJS.Timeout | undefined
  #isEnded = false
  #endsWhenIdle: ProxyError | undefined
  /** Of the first message since the last answer. */
  #startedAt: number | undefined
  /** An error of the proxy's own, for the log. */
  #unexpected: unknown

  constructor(given: SessionSettingsOf, parts: SessionParts) {
    this.id = given.id
    this.#client = given.client
    this.#access = given.access
    this.#settings = given.settings
    this.#readCommands = given.readCommands
    this.#isCatalogQuery = given.isCatalogQuery
    this.#parts = parts
    this.#pipeline = new Pipeline(given.client, given.access, parts)
    this.#control = new Control(
      this.#pipeline,
      given.access,
      given.settings,
      this.#statements,
      parts.serializable,
    )
    this.#pipeline.onFatal = (error) => {
      this.end(error)
    }
    this.#context = {
      user: given.access.user,
      cancellation: this.#cancellation,
      spendCpu: given.spendCpu,
    }
    given.client.onGone = () => {
      this.#cancellation.cancel(cancelled())
      void this.#pipeline.abort()
    }
  }

  get access(): Access {
    return this.#access
  }

  /** Serves the client until it leaves, or the session has to end. */
  async serve(): Promise<void> {
    try {
      this.#report()
      this.#client.write(readyForQuery('I'))
      while (!this.#isEnded) {
        this.#startWaiting()
        const next = await this.#client.next()
        clearTimeout(this.#timer)
        if (next === undefined || next.type === FROM_CLIENT.terminate) break
        this.#startedAt ??= performance.now()
        await this.#handle(next)
      }
    } catch (error) {
      this.end(toProxyError(error), error)
    } finally {
      clearTimeout(this.#timer)
      clearTimeout(this.#transactionTimer)
      this.#isEnded = true
      this.#cancellation.cancel(cancelled())
      await this.#pipeline.abort()
      this.#client.end()
    }
  }

  /** Ends the session, whatever it is doing. */
  end(error: ProxyError, thrown: unknown = error): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#client.write(errorResponse(error, 'FATAL'))
    const unexpected = error === thrown ? {} : { at: placesOf(thrown) }
    this.#log({ status: error.status, rows: null, code: error.code, ...unexpected })
    // A client that does not read would never see the end.
    if (this.#client.isFull) this.#client.destroy()
    else this.#client.end()
    this.#cancellation.cancel(error)
    void this.#pipeline.abort()
  }

  /** Ends it as soon as no transaction is open. */
  endWhenIdle(error: ProxyError): void {
    if (this.#pipeline.status === 'I' && this.#pipeline.isUntouched) this.end(error)
    else this.#endsWhenIdle = error
  }

  /** A CancelRequest has named it. */
  cancelRunning(): void {
    this.#pipeline.cancel()
  }

  #startWaiting(): void {
    clearTimeout(this.#timer)
    const pipeline = this.#pipeline
    const isHolding = pipeline.isHolding && !this.#access.isPinned
    const { idleMs, idleInTransactionMs } = this.#parts
    this.#timer = setTimeout(
      () => {
        // It is Postgres' turn.
        if (!pipeline.replies.isEmpty) this.#startWaiting()
        else this.end(isHolding ? idleInTransaction() : idle())
      },
      isHolding ? idleInTransactionMs : idleMs,
    )
  }

  async #handle({ type, body }: Message): Promise<void> {
    if (type === FROM_CLIENT.sync) {
      requireEmpty(body, 'Sync')
      await this.#sync()
      return
    }
    if (this.#pipeline.isSkipping) return
    try {
      await this.#dispatch(type, body)
    } catch (error) {
      if (error instanceof ProxyError && error.code === 'protocol_violation') throw error
      this.#refuse(error)
    }
    if (type === FROM_CLIENT.query || type === FROM_CLIENT.functionCall) await this.#sync()
  }

  async #dispatch(type: number, body: Buffer): Promise<void> {
    switch (type) {
      case FROM_CLIENT.query:
        await this.#query(readText(body, 'Query'))
        break
      case FROM_CLIENT.parse:
        await this.#parse(body)
        break
      case FROM_CLIENT.bind:
        await this.#bind(body)
        break
      case FROM_CLIENT.describe:
        await this.#describe(body)
        break
      case FROM_CLIENT.execute:
        await this.#execute(body)
        break
      case FROM_CLIENT.close:
        await this.#close(body)
        break
      case FROM_CLIENT.flush:
        requireEmpty(body, 'Flush')
        this.#pipeline.flush()
        break
      case FROM_CLIENT.functionCall:
        throw new ProxyError('feature_refused', 'function-call messages are not supported')
      case FROM_CLIENT.copyData:
      case FROM_CLIENT.copyDone:
      case FROM_CLIENT.copyFail:
        // Left over from a COPY that was refused, as in Postgres.
        break
      default:
        throw malformed(`invalid frontend message type ${type}`)
    }
  }

  /** The simple protocol: each statement is judged, sent and answered by itself, in one transaction. */
  async #query(sql: string): Promise<void> {
    const parts = await this.#readCommands(sql, this.#context)
    if (parts.length === 0) this.#pipeline.replies.add(EMPTY_QUERY)
    for (const part of parts) {
      if (this.#pipeline.isSkipping) return
      await this.#pass(part)
    }
  }

  async #pass(part: Part): Promise<void> {
    const statement = await this.#judge(part, [])
    const { command } = statement
    if (isControl(command)) {
      this.#current = undefined
      await this.#control.run(command)
      return
    }
    await this.#prepare(statement, true)
    await this.#pipeline.emit(BIND_UNNAMED, { kind: 'bind', isHidden: true })
    await this.#pipeline.emit(DESCRIBE_UNNAMED, { kind: 'describe portal', hidesNoData: true })
    await this.#pipeline.emit(EXECUTE_UNNAMED, { kind: 'execute' })
  }

  async #parse(body: Buffer): Promise<void> {
    const { name, sql, types } = readParse(body)
    this.#statements.requireFree(name, sql)
    const empty: Part = { sql, command: { kind: 'query' } }
    const [part = empty, second] = await this.#readCommands(sql, this.#context)
    if (second !== undefined) {
      throw new ProxyError(
        'statement_syntax',
        'cannot insert multiple commands into a prepared statement',
      )
    }
    const statement = await this.#judge(part, types)
    this.#statements.add(name, statement)
    if (isControl(statement.command)) {
      this.#pipeline.replies.add(PARSE_COMPLETE, () => {
        this.#statements.confirm(name)
      })
    } else {
      await this.#prepare(statement, false, () => {
        this.#statements.confirm(name)
      })
    }
  }

  async #bind(body: Buffer): Promise<void> {
    const { portal, statement: name, params, rest } = readBind(body)
    const statement = this.#statements.get(name)
    requireSmallParams(statement.verdict, params, statement.types)
    if (isControl(statement.command)) {
      if (params.length > 0) {
        throw new ProxyError(
          'postgres_error',
          `bind message supplies ${params.length} parameters, but prepared statement "${name}" requires 0`,
          { code: '08P01' },
        )
      }
      this.#pipeline.replies.add(BIND_COMPLETE)
    } else {
      await this.#ensure(statement)
      await this.#pipeline.emit(message('B', text(portal), text(''), rest), { kind: 'bind' })
    }
    this.#statements.bind(portal, statement)
  }

  async #describe(body: Buffer): Promise<void> {
    const { kind, name } = readNamed(body, 'Describe')
    const { replies } = this.#pipeline
    if (kind === 'portal') {
      const statement = this.#statements.portal(name)
      if (statement !== undefined && isControl(statement.command)) replies.add(NO_DATA)
      else await this.#pipeline.emit(message('D', body), { kind: 'describe portal' })
      return
    }
    const statement = this.#statements.get(name)
    if (isControl(statement.command)) {
      replies.add(NO_PARAMETERS)
      replies.add(NO_DATA)
      return
    }
    await this.#ensure(statement)
    await this.#pipeline.emit(message('D', Buffer.from('S'), text('')), {
      kind: 'describe statement',
      onMessage: (type, description) => {
        if (type !== FROM_POSTGRES.parameterDescription) return
        const count = description.readUInt16BE(0)
        statement.types = Array.from({ length: count }, (_, i) =>
          description.readUInt32BE(2 + 4 * i),
        )
        statement.isDescribed = true
        statement.describedIn = this.#pipeline.schema
      },
    })
  }

  async #execute(body: Buffer): Promise<void> {
    const { portal } = readExecute(body)
    const statement = this.#statements.portal(portal)
    if (statement !== undefined && isControl(statement.command)) {
      this.#current = undefined
      await this.#control.run(statement.command)
      return
    }
    await this.#pipeline.emit(message('E', body), { kind: 'execute' })
  }

  async #close(body: Buffer): Promise<void> {
    const { kind, name } = readNamed(body, 'Close')
    if (kind === 'statement') {
      this.#statements.delete(name)
      this.#pipeline.replies.add(CLOSE_COMPLETE)
      return
    }
    this.#statements.closePortal(name)
    if (this.#pipeline.isUntouched) this.#pipeline.replies.add(CLOSE_COMPLETE)
    else await this.#pipeline.emit(message('C', body), { kind: 'close' })
  }

  /** @throws ProxyError when the statement is refused */
  async #judge({ sql, command }: Part, types: readonly number[]): Promise<Statement> {
    const { gate } = this.#access
    const query = { sql, types, command: { kind: 'query' }, verdict: undefined } as const
    if (command.kind === 'refused') throw new ProxyError('feature_refused', command.why)
    // A role that logs in by password is held by Postgres alone, and its session is its own.
    if (gate === undefined) return query
    if (isControl(command)) {
      if (command.kind !== 'set' || command.name === TOKEN_SETTING) {
        return { ...query, command }
      }
      const refusal = refusalOf(() => this.#settings.check(command))
      if (refusal === undefined) return { ...query, command }
      await gate(sql, this.#context).catch(() => {
        throw refusal
      })
      this.#pipeline.markUnclean()
      return query
    }
    if (command.kind === 'show') {
      const refusal = refusalOf(() => {
        requireShown(command.name)
      })
      if (refusal !== undefined) {
        await gate(sql, this.#context).catch(() => {
          throw refusal
        })
      }
      return { ...query, command }
    }
    if (command.kind === 'cursor') return { ...query, command }
    const judged = command.kind === 'declare' ? command.query : sql
    const verdict = await gate(judged, this.#context).catch(async (error: unknown) => {
      const isRefused = error instanceof ProxyError && error.code === 'statement_refused'
      if (isRefused && (await this.#isCatalogQuery(judged, this.#context))) return CATALOG_QUERY
      throw error
    })
    return { ...query, command, verdict }
  }

  /** Makes it Postgres' unnamed statement, in a transaction that may have begun since it was parsed. */
  async #ensure(statement: Statement): Promise<void> {
    if (this.#isCurrent(statement)) return
    await this.#prepare(statement, true)
  }

  #isCurrent(statement: Statement): boolean {
    return this.#current === statement && !this.#pipeline.isUntouched
  }

  async #prepare(statement: Statement, isHidden: boolean, onDone?: () => void): Promise<void> {
    const pipeline = this.#pipeline
    if (pipeline.status === 'E' && pipeline.isUntouched) throw failed()
    const { verdict } = statement
    if (verdict?.leavesState === true) pipeline.markUnclean()
    if (pipeline.isUntouched) pipeline.tables = verdict?.tables
    if (statement.isDescribed === true) pipeline.requireSchema(statement.describedIn)
    await pipeline.emit(parseMessage(statement.sql, statement.types), {
      kind: 'parse',
      isHidden,
      ...(onDone ? { onDone } : {}),
    })
    this.#current = statement
  }

  #refuse(error: unknown): void {
    this.#pipeline.refuse(error)
    this.#unexpected = error instanceof ProxyError ? undefined : error
  }
  async #sync(): Promise<void> {
    const pipeline = this.#pipeline
    await pipeline.sync()
    if (this.#isEnded) return
    if (pipeline.isSkipping) {
      this.#current = undefined
      this.#statements.dropUnconfirmed()
      pipeline.isSkipping = false
    }
    if (pipeline.status === 'I') this.#current = undefined
    this.#watchTransaction()
    this.#report()
    this.#client.write(readyForQuery(pipeline.status))
    this.#logRequest()
    if (this.#endsWhenIdle !== undefined && pipeline.status === 'I') this.end(this.#endsWhenIdle)
  }

  #watchTransaction(): void {
    if (this.#pipeline.status === 'I' || this.#access.isPinned) {
      clearTimeout(this.#transactionTimer)
      this.#transactionTimer = undefined
      return
    }
    this.#transactionTimer ??= setTimeout(() => {
      this.end(
        new ProxyError('session_timeout', 'terminating connection due to transaction timeout', {
          code: '25P04',
          hint: 'End transactions sooner, or raise PROXY_TRANSACTION_TIMEOUT_MS.',
        }),
      )
    }, this.#parts.transactionMs)
  }

  /** Tells the client of settings that have changed. */
  #report(): void {
    if (this.#access.gate === undefined) return
    for (const [name, spelling] of REPORTED) {
      const value = this.#settings.get(name) ?? this.#access.parameters.get(spelling) ?? ''
      if (this.#reported.get(name) === value) continue
      this.#reported.set(name, value)
      this.#client.write(parameterStatus(spelling, value))
    }
  }

  #logRequest(): void {
    const { error, rows } = this.#pipeline
    this.#pipeline.error = undefined
    this.#pipeline.rows = 0
    const at = this.#unexpected === undefined ? {} : { at: placesOf(this.#unexpected) }
    this.#unexpected = undefined
    if (error === undefined) this.#log({ status: 200, rows })
    else this.#log({ status: error.status, rows: null, code: error.code, ...at })
  }

  #log(outcome: Omit<Parameters<Log>[0], 'id' | 'role' | 'ms'>): void {
    const now = performance.now()
    const ms = Math.round((now - (this.#startedAt ?? now)) * 100) / 100
    this.#startedAt = undefined
    this.#parts.log({ id: this.id, role: this.#access.role, ms, ...outcome })
  }
}

function idle(): ProxyError {
  return new ProxyError('session_timeout', 'terminating connection due to idle-session timeout')
}

function refusalOf(check: () => unknown): ProxyError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof ProxyError) return error
    throw error
  }
}
