/** Runs a request as the user whom a token named, on a session that everybody shares in turn. */
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

export type Job = Pick<Work, 'request' | 'options' | 'openStream'> & {
  readonly identity: Identity
  readonly settings: RequestSettings
  /** One for each statement. */
  readonly verdicts: readonly Verdict[]
  readonly cancellation: Cancellation
  /** Whose share of the sessions this uses. */
  readonly user: string
  /** Where the work is charged. */
  readonly meters: StatementMeters
  /** Among the user's requests; held by what goes on after the answer. */
  readonly place: Place
}

export type Execute = (job: Job) => Promise<Answer>

/** How often a request is begun on another session: while the schema goes on changing, or for want of memory. */
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
    const pace = request.kind === 'single' && first ? memory.paceOf(first) : undefined
    const meter = meters.start(user, cancellation)
    const sent = { any: false }
    const isClean = !verdicts.some(({ leavesState }) => leavesState)
    const outcome = verdicts.every(({ isRead }) => isRead) ? undefined : new RequestOutcome()
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
        // Such a statement means something else from one request to the next, so it is parsed anew.
        const isParsedAnew =
          verdict !== undefined &&
          ((verdict.holdsContent && job.settings.changesConstants) ||
            memory.readsClock(verdict, sql))
        if (verdict === undefined || isParsedAnew) return undefined
        return memory.keyOf(verdict, identity.role, sql, user)
      },
      isParsedAnew: verdicts.some((verdict) => memory.paceOf(verdict).isLong),
      isLastTry: lease.isLastTry === true,
      turn: {
        owner: cancellation,
        user,
        follows: lease.isQuick,
        onLanded: (ms: number) => {
          pace?.record(ms)
          meter.landed(ms)
        },
        onOutcome: outcome?.tell,
      },
    }
    try {
      cancellation.throwIfCancelled()
      shadows.refuseIfFound()
      // Again: while this request waited for a session, others of the user may have spent it all.
      meters.budget.check(user)
      return await runRequest(connection, work, catalog, limits)
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
      const told = reason ?? toRefusal(error, limits)
      throw outcome === undefined ? told : await outcome.explain(error, told)
    } finally {
      cancellation.unlisten(giveUp)
      // Behind others' statements, what is left of it may never run.
      meter.release(connection.depth > 0 && !lease.follows)
      // Not awaited: the answer need not wait until the session is fit for the next user.
      const released = pool.release(connection, isClean, lease.follows ? user : undefined)
      // A statement that was given up may still run.
      if (cancellation.reason !== undefined) job.place.holdUntil(released)
    }
  }

  return async (job) => {
    const { cancellation, user } = job
    const quick = shadows.mayRepeatReads ? quickRead(job, memory) : undefined
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

/**
 * The session's memory may be full of what others' statements have left there, so reads are made again
 * on another one. A write is made again once: Postgres has answered ERROR and then ReadyForQuery, so
 * nothing of it is saved. Not one that calls a function of the owner's, which may do more than write
 * rows. What triggers do outside of the transaction, such as sequences, happens twice.
 */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof PostgresError && error.fields.code === OUT_OF_MEMORY
}

/** How a session is had: as one that others may follow, and by following others. */
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

/** Every statement has come to its end before, and soon. */
function isProven({ verdicts }: Job, memory: StatementCache): boolean {
  return verdicts.every((verdict) => memory.paceOf(verdict).isProven)
}

/**
 * Only a read may be sent behind somebody else's statement, since it may have to run again
 * elsewhere; and only one that always was quick, since somebody else may be sent behind it.
 */
function quickRead(job: Job, memory: StatementCache): { key: string; ms: number } | undefined {
  const [verdict] = job.verdicts
  if (job.request.kind !== 'single' || verdict?.isRead !== true) return undefined
  const { isQuick, averageMs } = memory.paceOf(verdict)
  if (!isQuick) return undefined
  const key = memory.keyOf(verdict, job.identity.role, job.request.statement.sql, job.user)
  return { key, ms: averageMs }
}
