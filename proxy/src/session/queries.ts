/**
 * The client's queries, simple and extended: each statement is judged, and becomes Postgres' unnamed one when it
 * is used. The client's own names stay here.
 */
import { ProxyError } from '../errors'
import type { Part } from '../gate/commands'
import { FROM_POSTGRES } from '../postgres/messages'
import type { WorkContext } from '../threads/work-context'
import type { ReadCommands } from './commands'
import { isControl, type Control } from './control'
import { readBind, readExecute, readNamed, readParse } from './from-client'
import type { Judge } from './judge'
import { requireSmallParams } from './params'
import type { Pipeline } from './pipeline'
import { failed } from './session-errors'
import type { Statement, Statements } from './statements'
import {
  BIND_COMPLETE,
  CLOSE_COMPLETE,
  EMPTY_QUERY,
  message,
  NO_DATA,
  NO_PARAMETERS,
  PARSE_COMPLETE,
  text,
} from './to-client'
import {
  BIND_UNNAMED,
  DESCRIBE_PORTAL,
  DESCRIBE_STATEMENT,
  EXECUTE_UNNAMED,
  parseMessage,
} from './to-postgres'

export type QueriesParts = {
  readonly pipeline: Pipeline
  readonly control: Control
  readonly statements: Statements
  readonly judge: Judge
  readonly readCommands: ReadCommands
  readonly context: WorkContext
}

export class Queries {
  readonly #pipeline: Pipeline
  readonly #control: Control
  readonly #statements: Statements
  readonly #judge: Judge
  readonly #readCommands: ReadCommands
  readonly #context: WorkContext
  /** The statement that is Postgres' unnamed one; undefined where that is not known. */
  #current: Statement | undefined

  constructor(parts: QueriesParts) {
    this.#pipeline = parts.pipeline
    this.#control = parts.control
    this.#statements = parts.statements
    this.#judge = parts.judge
    this.#readCommands = parts.readCommands
    this.#context = parts.context
  }

  /** Postgres has answered up to a Sync. */
  onSync(): void {
    const { isSkipping, status } = this.#pipeline
    if (isSkipping) this.#statements.dropUnconfirmed()
    if (isSkipping || status === 'I') this.#current = undefined
  }

  /** The simple protocol: each statement is judged, sent and answered by itself, in one transaction. */
  async simple(sql: string): Promise<void> {
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
    await this.#pipeline.emit(DESCRIBE_PORTAL, { kind: 'describe portal', hidesNoData: true })
    await this.#pipeline.emit(EXECUTE_UNNAMED, { kind: 'execute' })
  }

  async parse(body: Buffer): Promise<void> {
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

  async bind(body: Buffer): Promise<void> {
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

  async describe(body: Buffer): Promise<void> {
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
    await this.#pipeline.emit(DESCRIBE_STATEMENT, {
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

  async execute(body: Buffer): Promise<void> {
    const { portal } = readExecute(body)
    const statement = this.#statements.portal(portal)
    if (statement !== undefined && isControl(statement.command)) {
      this.#current = undefined
      await this.#control.run(statement.command)
      return
    }
    await this.#pipeline.emit(message('E', body), { kind: 'execute' })
  }

  async close(body: Buffer): Promise<void> {
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
}
