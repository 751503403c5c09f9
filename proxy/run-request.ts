/** Runs a request's statements in one round trip and turns the results into JSON. */
import {
  AnswerWriter,
  answerTooLarge,
  type AnswerLimits,
  type Outlet,
  type Source,
} from './answer/answer-writer'
import { StatementAnswer } from './answer/statement-answer'
import { ProxyError } from './errors'
import type { PostgresConnection } from './postgres/connection'
import { ConnectionLost, type Step, type Turn } from './postgres/flight'
import { PostgresError } from './postgres/messages'
import type { TypeCatalog } from './postgres/type-catalog'
import type { SqlRequest, Statement } from './request/body'
import { startTransaction, type Options } from './request/options'

export type Work = {
  readonly request: SqlRequest
  readonly options: Options
  /** Runs first, in the same transaction. */
  readonly before: readonly Step[]
  /** Under which a statement stays prepared; undefined: it is parsed anew. */
  readonly keyOf: (sql: string, index: number) => string | undefined
  readonly turn?: Turn
  readonly openOutlet: OpenOutlet
  /** Told when Postgres has to wait for the client. */
  readonly meter?: Source
}

/** Begins an answer that is too long to be kept whole. */
export type OpenOutlet = (isBatch: boolean) => Outlet

/** JSON in UTF-8; all of it, or what has not left through the outlet. */
export type Answer = {
  readonly bytes: readonly Buffer[]
  readonly rows: number
  readonly isBatch: boolean
  /** To be called when it has been sent, or cannot be: its memory is others' then. */
  readonly release: () => void
}

const BATCH_START = Buffer.from('{"results":[')
const BATCH_END = Buffer.from(']}')

/** @throws PostgresError, ConnectionLost or what reading the answer threw; see `toRefusal` */
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
    () => work.openOutlet(isBatch),
    sourceOf(connection, work),
  )
  const statements = isBatch ? request.statements : [request.statement]
  const answers: StatementAnswer[] = []
  for (const { arrayMode = options.arrayMode } of statements) {
    const shape = { rawText: options.rawText, arrayMode }
    answers.push(new StatementAnswer(writer, shape, catalog, answers.at(-1)))
  }
  if (isBatch) writer.bytes(BATCH_START)
  try {
    await connection.run(stepsOf(statements, answers, isBatch, work), work.turn)
  } catch (error) {
    if (connection.isInTransaction) await connection.rollback()
    writer.release()
    if (isRetry || writer.hasLeft || !isStalePlan(error)) throw error
    connection.dropStatements()
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
  return { owner, follows, ...(user === undefined ? {} : { user }) }
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

/**
 * A single statement shares the implicit transaction that ends at Sync with what comes before it;
 * only a batch needs a transaction of its own, and it too is one flight.
 */
function stepsOf(
  statements: readonly Statement[],
  answers: readonly StatementAnswer[],
  isBatch: boolean,
  { before, keyOf, options }: Work,
): Step[] {
  const steps = statements.map(({ sql, params }, i) => {
    const key = keyOf(sql, i)
    const sink = answers[i]
    return { sql, params, ...(key === undefined ? {} : { key }), ...(sink ? { sink } : {}) }
  })
  if (!isBatch) return [...before, ...steps]
  return [
    { sql: startTransaction(options), params: [] },
    ...before,
    ...steps,
    { sql: 'COMMIT', params: [] },
  ]
}

/** "cached plan must not change result type": the table changed since the statement was prepared. */
function isStalePlan(error: unknown): boolean {
  return (
    error instanceof PostgresError &&
    error.fields.code === '0A000' &&
    error.fields.routine === 'RevalidateCachedQuery'
  )
}
