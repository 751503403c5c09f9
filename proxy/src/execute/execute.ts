/** Runs a request as its user, on a session from the shared pool. */
import type { AnswerLimits } from './answer/answer-writer'
import { becomeUser, type Identity } from '../auth/identity'
import type { Cancellation } from '../cancellation'
import type { Verdict } from '../gate/decide'
import type { Place } from '../limits/in-flight'
import type { StatementMeters } from '../limits/statement-meter'
import type { PostgresConnection } from '../postgres/connection'
import { Stalled } from '../postgres/flight'
import { OUT_OF_MEMORY, PostgresError } from '../postgres/messages'
import { RequestOutcome } from './outcome'
import type { Pool } from '../postgres/pool'
import { TypeCatalog } from '../postgres/type-catalog'
import { runRequest, SchemaChanged, toRefusal, type Answer, type Work } from './run-request'
import type { RequestSettings } from '../request/request-settings'
import type { ShadowCheck } from '../gate/shadows'
import { StatementCache } from './statement-cache'
import { PostgresTrace, type Traced } from '../trace/in-postgres'

export type Job = Pick<Work, 'request' | 'options' | 'openStream'> & {
  readonly identity: Identity
  readonly settings: RequestSettings
  /** One per statement. */
  readonly verdicts: readonly Verdict[]
  readonly cancellation: Cancellation
  /** The user whose share of the sessions this counts against. */
  readonly user: string
  /** Charges the work to the user's budget. */
  readonly meters: StatementMeters
  /** The request's place among those of its user; work that continues after the answer holds it. */
  readonly place: Place
  /** Of a request that asks for its trace. */
  readonly traced?: Traced | undefined
}

export type Execute = (job: Job) => Promise<Answer>

/** How often to try a request, after schema changes or for lack of memory. */
const MOST_TRIES = 3

export function createExecute(pool: Pool, limits: AnswerLimits, shadows: ShadowCheck): Execute {
  const catalog = new TypeCatalog()
  const memory = new StatementCache()

  const runOn = async (connection: PostgresConnection, job: Job, lease: Lease) => {
    const { request, options, identity, verdicts, cancellation, user, meters } = job
    const giveUp = () => {
      connection.giveUp(cancellation)
    }
    cancellation.listen(giveUp)
    const [first] = verdicts
    // A trace takes time of its own, which is not the statement's.
    const isPaced = request.kind === 'single' && job.traced === undefined
    const pace = isPaced && first ? memory.paceOf(first) : undefined
    const meter = meters.start(user, cancellation)
    const sent = { any: false }
    const isClean = !verdicts.some(({ leavesState }) => leavesState)
    const outcome = verdicts.every(({ isRead }) => isRead) ? undefined : new RequestOutcome()
    const turn = {
      owner: cancellation,
      user,
      follows: lease.isQuick,
      onLanded: (ms: number) => {
        pace?.record(ms)
        meter.landed(ms)
      },
      onOutcome: outcome?.tell,
    }
    const work = {
      request,
      options,
      openStream: (isBatch: boolean) => {
        sent.any = true
        for (const verdict of verdicts) memory.paceOf(verdict).isLong = true
        return job.openStream(isBatch)
      },
      meter,
      before: [...job.settings.steps, becomeUser(identity)],
      keyOf: (sql: string, i: number) => {
        const verdict = verdicts[i]
        // The meaning of such a statement varies between requests, so it must not stay prepared.
        const isParsedAnew =
          verdict !== undefined &&
          ((verdict.holdsContent && job.settings.changesConstants) ||
            memory.readsClock(verdict, sql))
        if (verdict === undefined || isParsedAnew) return undefined
        return memory.keyOf(verdict, identity.role, sql, user)
      },
      isParsedAnew: verdicts.some((verdict) => memory.paceOf(verdict).isLong),
      isLastTry: lease.isLastTry === true,
      turn,
    }
    let trace: PostgresTrace | undefined
    try {
      cancellation.throwIfCancelled()
      shadows.refuseIfFound()
      // Checked again, because the user's other requests may have spent the budget in the meantime.
      meters.budget.check(user)
      trace = await startTrace(connection, job)
      const answer = await runRequest(connection, trace?.around(work) ?? work, catalog, limits)
      trace?.landed()
      return answer
    } catch (error) {
      if (error instanceof SchemaChanged) {
        const { version } = error
        pool.retire(({ schemaVersion }) => schemaVersion?.changes !== version?.changes)
        throw error
      }
      const { reason } = cancellation
      const isRepeatable =
        outcome === undefined
          ? lease.isLastTry !== true
          : lease.isFirstTry === true && outcome.isRolledBack && isClean
      const mayMove = isRepeatable && reason === undefined && !sent.any
      if (mayMove && isOutOfMemory(error)) throw new Stalled('the session is full')
      trace?.landed()
      const told = reason ?? toRefusal(trace?.asUntraced(error) ?? error, limits)
      throw outcome === undefined ? told : await outcome.explain(error, told)
    } finally {
      cancellation.unlisten(giveUp)
      // If it was pipelined behind others, the rest of it may never run.
      meter.release(connection.depth > 0 && !lease.follows)
      // Not awaited: the answer need not wait until the session has been reset.
      const released = pool.release(connection, isClean, lease.follows ? user : undefined)
      // An abandoned statement may still be running.
      if (cancellation.reason !== undefined) job.place.holdUntil(released)
    }
  }

  return async (job) => {
    const { cancellation, user } = job
    const isTraced = job.traced !== undefined
    const quick = shadows.mayRepeatReads && !isTraced ? quickRead(job, memory) : undefined
    if (quick !== undefined) {
      const busy = pool.follow(quick.key, quick.ms, user)
      const wanted = { isQuick: true, isProven: true, tables: tablesOf(job) }
      const session = busy ?? (await pool.acquire(cancellation, user, wanted))
      try {
        return await runOn(session, job, { isQuick: true, follows: busy !== undefined })
      } catch (error) {
        if (!(error instanceof Stalled) && !(error instanceof SchemaChanged)) throw error
      }
    }
    const wanted = { isProven: isProven(job, memory), tables: tablesOf(job) }
    for (let tries = 1; ; tries++) {
      job.traced?.tracer.begin('pool')
      const session = await pool.acquire(cancellation, user, wanted)
      const isLastTry = tries === MOST_TRIES
      try {
        const lease = { isQuick: false, follows: false, isFirstTry: tries === 1, isLastTry }
        return await runOn(session, job, lease)
      } catch (error) {
        if (!(error instanceof SchemaChanged) && !(error instanceof Stalled)) throw error
      }
    }
  }
}

/** Looks up what the trace shows besides the statement, on the account of the user. */
async function startTrace(
  connection: PostgresConnection,
  { traced, request, identity, cancellation: owner, user, meters }: Job,
): Promise<PostgresTrace | undefined> {
  if (traced === undefined) return undefined
  const statements = request.kind === 'single' ? [request.statement] : request.statements
  const started = performance.now()
  try {
    const turn = { owner, user, follows: false }
    return await PostgresTrace.start(traced, statements, identity.role, connection, turn)
  } finally {
    meters.budget.spend(user, performance.now() - started)
  }
}

/**
 * Other users' statements may have filled the session's memory, so a read runs again on another session.
 * A write runs again once: Postgres has answered ERROR and then ReadyForQuery, so nothing was saved.
 * A write that calls one of the owner's functions does not, because the function may do more than write
 * rows. Effects outside the transaction, such as sequences in triggers, happen twice.
 */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof PostgresError && error.fields.code === OUT_OF_MEMORY
}

/** How a session was obtained: whether others may be pipelined on it, and whether this request was. */
type Lease = Pick<Work, 'isLastTry'> & {
  readonly isQuick: boolean
  readonly follows: boolean
  readonly isFirstTry?: boolean
}

function tablesOf({ verdicts }: Job): readonly string[] | undefined {
  const [first, second] = verdicts
  if (second === undefined) return first?.tables
  return [...new Set(verdicts.flatMap(({ tables }) => tables ?? []))]
}

/** Whether every statement has finished before, and quickly. */
function isProven({ verdicts }: Job, memory: StatementCache): boolean {
  return verdicts.every((verdict) => memory.paceOf(verdict).isProven)
}

/**
 * Only reads can be pipelined, because they may have to run again on another session, and only reads that
 * have been quick so far, because others may be pipelined behind them.
 */
function quickRead(job: Job, memory: StatementCache): { key: string; ms: number } | undefined {
  const [verdict] = job.verdicts
  if (job.request.kind !== 'single' || verdict?.isRead !== true) return undefined
  const { isQuick, averageMs } = memory.paceOf(verdict)
  if (!isQuick) return undefined
  const key = memory.keyOf(verdict, job.identity.role, job.request.statement.sql, job.user)
  return { key, ms: averageMs }
}
