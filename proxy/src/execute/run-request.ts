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
  /** Under which a statement stays prepared; undefined: it is parsed anew. */
  readonly keyOf: (sql: string, index: number) => string | undefined
  /** Whether nothing may be used that is prepared, because the answer cannot be taken back. */
  readonly isParsedAnew?: boolean
  /** Whether a change of the schema no longer ends the request: it was begun often enough. */
  readonly isLastTry?: boolean
  readonly turn?: Turn
  readonly openStream: OpenStream
  /** Told when Postgres has to wait for the client. */
  readonly meter?: Source
}

/** Begins an answer that is too long to be kept whole. */
export type OpenStream = (isBatch: boolean) => ResponseStream

/** JSON in UTF-8; all of it, or what has not left through the stream. */
export type Answer = {
  readonly bytes: readonly Buffer[]
  readonly rows: number
  readonly isBatch: boolean
  /** To be called when it has been sent, or cannot be: its memory is others' then. */
  readonly release: () => void
}

const BATCH_START = Buffer.from('{"results":[')
const BATCH_END = Buffer.from(']}')

/**
 * The schema is not the one that the session was opened for, and nothing was answered or saved: to be
 * run again on a session that is opened now. Parsing anew on the old one is not enough, for PL/pgSQL
 * keeps the types of variables (`%type`) as long as the session lasts.
 */
export class SchemaChanged extends Error {
  readonly version: SchemaVersion | undefined

  /** @param version that the session's backend sees now */
  constructor(version: SchemaVersion | undefined) {
    super('the schema has changed since the session was opened')
    this.version = version
  }
}

/**
 * What was prepared or compiled before a change of the schema is never answered or saved.
 * @throws SchemaChanged, PostgresError, ConnectionLost or what reading the answer threw; see `toRefusal`
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
  // Statements that are parsed anew have the types of the moment when they got their locks.
  const isParsedAnew =
    version === undefined || work.isParsedAnew === true || (isBatch && seesThePast(options))
  const steps = statements.map((statement, i) =>
    stepOf(statement, i, work, answers[i], isParsedAnew),
  )
  if (version !== undefined) addCheck(steps, version, connection)
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

/** For the first answers that hold types of somebody's own; later ones find them in the catalog. */
function learnTypes(
  answers: readonly StatementAnswer[],
  catalog: TypeCatalog,
  connection: PostgresConnection,
  turn: Turn | undefined,
): Promise<void> {
  const oids = new Set(answers.flatMap((answer) => answer.unknownTypes()))
  return catalog.learn([...oids], connection, turn)
}

/** For a question of our own, which says nothing of the statement's pace. */
function untimed({ owner, user, follows }: Turn): Turn {
  return { owner, user, follows }
}

/** What `runRequest` threw, as the client is to be told. */
export function toRefusal(error: unknown, { answerBytes }: AnswerLimits): unknown {
  if (error instanceof PostgresError) {
    return new ProxyError('postgres_error', error.message, error.fields)
  }
  if (error instanceof ConnectionLost) return new ProxyError('connection_lost', error.message)
  // A single message longer than any answer may be.
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
 * After statements that this session has prepared before, since the schema may change while one waits
 * for its table. Statements that are parsed now only need to tell their session of a change, before
 * they run: after them it would end a long answer half-way, and undo what is right.
 */
function addCheck(steps: Step[], { check }: SchemaVersion, connection: PostgresConnection): void {
  const isPrepared = steps.some(({ key }) => key !== undefined && connection.knows(key))
  if (isPrepared) steps.push(check)
  else steps.unshift(check)
}

/**
 * A single statement shares the implicit transaction that ends at Sync with what comes before it;
 * only a batch needs a transaction of its own, and it too is one flight.
 */
function asTransaction(steps: readonly Step[], { before, options }: Work): Step[] {
  return [
    { sql: startTransaction(options), params: [] },
    ...before,
    ...steps,
    { sql: 'COMMIT', params: [], isCommit: true },
  ]
}

/** The check would read the schema's version as it was when the transaction began. */
function seesThePast({ isolation }: Options): boolean {
  return isolation === 'RepeatableRead' || isolation === 'Serializable'
}

/**
 * Whether a request may have failed because the schema has changed, where not all changes are noticed.
 * An error can have come before the check, so the version is read after each.
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
