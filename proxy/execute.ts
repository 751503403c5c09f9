/** Runs a request's statements as the user, in one round trip, and turns the results into JSON. */
import { AnswerBuffer, answerTooLarge } from './answer/answer-buffer'
import { StatementAnswer } from './answer/statement-answer'
import type { Limits } from './config'
import { ProxyError } from './errors'
import { becomeUser, type Identity } from './become-user'
import type { Verdict } from './gate/decide'
import { ConnectionLost, type PostgresConnection, type Step } from './postgres/connection'
import { PostgresError } from './postgres/messages'
import type { Pool } from './postgres/pool'
import { TypeCatalog } from './postgres/type-catalog'
import type { SqlRequest, Statement } from './request/body'
import { startTransaction, type Options } from './request/options'

export type Job = {
  readonly request: SqlRequest
  readonly options: Options
  readonly identity: Identity
  readonly verdicts: readonly Verdict[]
  readonly signal: AbortSignal
}

export type Answer = { readonly json: string; readonly rows: number }
export type Execute = (job: Job) => Promise<Answer>

export function createExecute(pool: Pool, limits: Pick<Limits, 'answerBytes' | 'rows'>): Execute {
  const catalog = new TypeCatalog()
  return async (job) => {
    const connection = await pool.acquire(job.signal)
    const abort = () => {
      connection.abort()
    }
    job.signal.addEventListener('abort', abort, { once: true })
    try {
      return await runAndAnswer(connection, job, catalog, limits)
    } catch (error) {
      job.signal.throwIfAborted()
      throw toAnswer(error, limits.answerBytes)
    } finally {
      job.signal.removeEventListener('abort', abort)
      // Not awaited: the answer need not wait until the session is fit for the next user.
      void pool.release(connection, !job.verdicts.some(({ leavesState }) => leavesState))
    }
  }
}

async function runAndAnswer(
  connection: PostgresConnection,
  job: Job,
  catalog: TypeCatalog,
  limits: Pick<Limits, 'answerBytes' | 'rows'>,
  isRetry = false,
): Promise<Answer> {
  const buffer = new AnswerBuffer(limits.answerBytes, limits.rows)
  const { statements, isBatch } = statementsOf(job.request)
  const answers = statements.map(
    ({ arrayMode = job.options.arrayMode }) =>
      new StatementAnswer(buffer, { rawText: job.options.rawText, arrayMode }, catalog),
  )
  try {
    await connection.run(stepsOf(statements, answers, isBatch, job))
  } catch (error) {
    if (connection.isInTransaction) await connection.rollback()
    if (isRetry || !isStalePlan(error)) throw error
    connection.dropStatements()
    return runAndAnswer(connection, job, catalog, limits, true)
  }
  await catalog.learn([...new Set(answers.flatMap((a) => a.unknownTypes()))], connection)
  const parts = answers.map((answer) => answer.finish())
  return { json: isBatch ? `{"results":[${parts.join(',')}]}` : parts.join(''), rows: buffer.rows }
}

/**
 * A single statement shares the implicit transaction that ends at Sync with the step that says who
 * is asking; only a batch needs a transaction of its own, and it too is one flight.
 */
function stepsOf(
  statements: readonly Statement[],
  answers: readonly StatementAnswer[],
  isBatch: boolean,
  { identity, options }: Job,
): Step[] {
  const work = statements.map((statement, i) => ({
    sql: statement.sql,
    params: statement.params,
    key: `${identity.role} ${statement.sql}`,
    ...(answers[i] === undefined ? {} : { sink: answers[i] }),
  }))
  if (!isBatch) return [becomeUser(identity), ...work]
  return [
    { sql: startTransaction(options), params: [] },
    becomeUser(identity),
    ...work,
    { sql: 'COMMIT', params: [] },
  ]
}

function statementsOf(request: SqlRequest): { statements: readonly Statement[]; isBatch: boolean } {
  return request.kind === 'single'
    ? { statements: [request.statement], isBatch: false }
    : { statements: request.statements, isBatch: true }
}

/** "cached plan must not change result type": the table changed since the statement was prepared. */
function isStalePlan(error: unknown): boolean {
  return (
    error instanceof PostgresError &&
    error.fields.code === '0A000' &&
    error.fields.routine === 'RevalidateCachedQuery'
  )
}

function toAnswer(error: unknown, maxBytes: number): unknown {
  if (error instanceof PostgresError) {
    return new ProxyError('postgres_error', error.message, error.fields)
  }
  if (error instanceof ConnectionLost) return new ProxyError('connection_lost', error.message)
  // A single message longer than any answer may be.
  if (error instanceof RangeError) return answerTooLarge(maxBytes)
  return error
}
