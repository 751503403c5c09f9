/** Runs a request's statements in one round trip and turns the results into JSON. */
import {
  AnswerWriter,
  answerTooLarge,
  type AnswerLimits,
  type ResponseStream,
  type Source,
} from './answer/answer-writer'
import { StatementAnswer } from './answer/statement-answer'
import { ProxyError } from '../errors'
import type { PostgresConnection } from '../postgres/connection'
import { ConnectionLost, Stalled, type Step, type Turn } from '../postgres/flight'
import { PostgresError } from '../postgres/messages'
import {
  isIntervention,
  isStalePlan,
  isStaleSchema,
  mayBeStale,
  readSchemaVersion,
  type SchemaVersion,
} from '../postgres/schema-version'
import type { TypeCatalog } from '../postgres/type-catalog'
import type { SqlRequest, Statement } from '../request/body'
import { startTransaction, type Options } from '../request/options'

export type Work = {
  readonly request: SqlRequest
  readonly options: Options
  /** Runs first, in the same transaction. */
  readonly before: readonly Step[]
  /** Runs last, in the same transaction. */
  readonly after?: readonly Step[]
  /** The key under which a statement stays prepared; undefined to parse it each time. */
  readonly keyOf: (sql: string, index: number) => string | undefined
  /** Whether to use no prepared statement, because the answer may be streamed and cannot be retracted. */
  readonly isParsedAnew?: boolean
  /** Whether to ignore schema changes, because this is the last attempt. */
  readonly isLastTry?: boolean
  readonly turn?: Turn
  readonly openStream: OpenStream
  /** Informed when Postgres has to wait for the client. */
  readonly meter?: Source
}

/** Starts streaming an answer that is too long to keep. */
export type OpenStream = (isBatch: boolean) => ResponseStream

/** JSON in UTF-8: the whole answer, or the part that has not been streamed. */
export type Answer = {
  readonly bytes: readonly Buffer[]
  readonly rows: number
  readonly isBatch: boolean
  /** Must be called once the answer has been sent or cannot be; it frees memory. */
  readonly release: () => void
}

const BATCH_START = Buffer.from('{"results":[')
const BATCH_END = Buffer.from(']}')

/**
 * The schema has changed since the session was opened, and nothing was answered or saved. The request
 * must run again on a new session. Parsing again on the old one is not enough, because PL/pgSQL keeps the
 * types of variables (`%type`) for the lifetime of a session.
 */
export class SchemaChanged extends Error {
  readonly version: SchemaVersion | undefined

  /** @param version the version that the backend sees now */
  constructor(version: SchemaVersion | undefined) {
    super('the schema has changed since the session was opened')
    this.version = version
  }
}

/**
 * Runs a request such that statements prepared before a schema change are never answered or saved.
 * @throws SchemaChanged, PostgresError, ConnectionLost or an error of reading the answer; see `toRefusal`
 */
export async function runRequest(
  connection: PostgresConnection,
  work: Work,
  catalog: TypeCatalog,
  limits: AnswerLimits,
  isRetry = false,
): Promise<Answer> {
  const { request, options } = work
  const isBatch = request.kind === 'batch'
  const writer = new AnswerWriter(
    limits,
    () => work.openStream(isBatch),
    sourceOf(connection, work),
  )
  const statements = isBatch ? request.statements : [request.statement]
  const answers: StatementAnswer[] = []
  for (const { arrayMode = options.arrayMode } of statements) {
    const shape = { rawText: options.rawText, arrayMode }
    answers.push(new StatementAnswer(writer, shape, catalog, answers.at(-1)))
  }
  if (isBatch) writer.bytes(BATCH_START)
  const version = isRetry || work.isLastTry === true ? undefined : connection.schemaVersion
  // Statements that are parsed now use the types at the time when they get their locks.
  const isParsedAnew =
    version === undefined || work.isParsedAnew === true || (isBatch && seesThePast(options))
  const steps = statements.map((statement, i) =>
    stepOf(statement, i, work, answers[i], isParsedAnew),
  )
  if (version !== undefined) addCheck(steps, version, connection)
  if (work.after !== undefined) steps.push(...work.after)
  try {
    await connection.run(
      isBatch ? asTransaction(steps, work) : [...work.before, ...steps],
      work.turn,
    )
  } catch (error) {
    if (connection.isInTransaction) await connection.rollback()
    writer.release()
    if (version === undefined || writer.hasLeft) throw error
    if (!(await mayRunAgain(error, version, connection, work, catalog))) throw error
    return await runRequest(connection, work, catalog, limits, true)
  } finally {
    writer.sourceHasEnded()
  }
  try {
    if (answers.some(({ isWaiting }) => isWaiting))
      await learnTypes(answers, catalog, connection, work.turn && untimed(work.turn))
    for (const answer of answers) answer.finish()
    if (isBatch) writer.bytes(BATCH_END)
  } catch (error) {
    writer.release()
    throw error
  }
  const release = () => {
    writer.release()
  }
  return { bytes: writer.take(), rows: writer.rows, isBatch, release }
}

function sourceOf(connection: PostgresConnection, { meter }: Work): Source {
  if (meter === undefined) return connection
  return {
    pause: () => {
      meter.pause()
      connection.pause()
    },
    resume: () => {
      meter.resume()
      connection.resume()
    },
  }
}

/** Looks up types that are new to the catalog's cache. */
function learnTypes(
  answers: readonly StatementAnswer[],
  catalog: TypeCatalog,
  connection: PostgresConnection,
  turn: Turn | undefined,
): Promise<void> {
  const oids = new Set(answers.flatMap((answer) => answer.unknownTypes()))
  return catalog.learn([...oids], connection, turn)
}

/** For an internal query, whose time must not count for the statement. */
function untimed({ owner, user, follows }: Turn): Turn {
  return { owner, user, follows }
}

/** Turns an error of `runRequest` into the client's error. */
export function toRefusal(error: unknown, { answerBytes }: AnswerLimits): unknown {
  if (error instanceof PostgresError) {
    return new ProxyError('postgres_error', error.message, error.fields)
  }
  if (error instanceof ConnectionLost) return new ProxyError('connection_lost', error.message)
  // A single message is longer than the longest answer.
  if (error instanceof RangeError) return answerTooLarge(answerBytes)
  return error
}

function stepOf(
  { sql, params }: Statement,
  index: number,
  { keyOf }: Work,
  sink: StatementAnswer | undefined,
  isParsedAnew: boolean,
): Step {
  const key = isParsedAnew ? undefined : keyOf(sql, index)
  return { sql, params, key, sink }
}

/**
 * With prepared statements, the check comes last, because the schema may change while one waits for its
 * table. With freshly parsed statements it comes first and only detects a changed schema: after them it
 * would cut off a long answer, and undo correct work.
 */
function addCheck(steps: Step[], { check }: SchemaVersion, connection: PostgresConnection): void {
  const isPrepared = steps.some(({ key }) => key !== undefined && connection.knows(key))
  if (isPrepared) steps.push(check)
  else steps.unshift(check)
}

/**
 * A single statement shares the flight's implicit transaction, which ends at Sync. Only a batch needs an
 * explicit transaction, and it is still one flight.
 */
function asTransaction(steps: readonly Step[], { before, options }: Work): Step[] {
  return [
    { sql: startTransaction(options), params: [] },
    ...before,
    ...steps,
    { sql: 'COMMIT', params: [], isCommit: true },
  ]
}

/** In these, the check would read the schema version from the start of the transaction. */
function seesThePast({ isolation }: Options): boolean {
  return isolation === 'RepeatableRead' || isolation === 'Serializable'
}

/**
 * Whether an error may be due to a schema change. It may have come before the check, so the version is
 * read after every error.
 * @throws SchemaChanged when it has, or Stalled
 */
async function mayRunAgain(
  error: unknown,
  before: SchemaVersion,
  connection: PostgresConnection,
  { turn }: Work,
  catalog: TypeCatalog,
): Promise<boolean> {
  if (!(error instanceof PostgresError) || isIntervention(error)) return false
  let now: SchemaVersion | undefined
  try {
    now = await readSchemaVersion(connection, turn && untimed(turn))
  } catch (lost) {
    throw lost instanceof Stalled ? lost : error
  }
  if (now?.changes !== before.changes || isStaleSchema(error)) {
    catalog.forget()
    throw new SchemaChanged(now)
  }
  if (isStalePlan(error)) {
    connection.dropStatements()
    return true
  }
  return !before.isWatched && mayBeStale(error)
}
