/** The statement gate: a statement passes only if everything in its parse tree is listed. */
import { ProxyError } from '../errors'
import { OWN_WORK, type WorkContext } from '../threads/work-context'
import { WorkEnded, WorkThreads } from '../threads/work-threads'
import type { Verdict } from './decide'
import { refused, tooComplex } from './judge'
import { Outcomes, type Outcome } from './outcomes'

export type JudgeContext = WorkContext

/**
 * Judges a statement: resolves with its verdict, or rejects with a ProxyError.
 * @param context undefined for the proxy itself
 */
export type Gate = (sql: string, context?: JudgeContext) => Promise<Verdict>

export type GateLimits = {
  readonly statementBytes: number
  /** CPU time. 10 kB of ordinary SQL take about 20 ms, 256 kB of the densest about 200. */
  readonly checkMs: number
}

/** 65,535 rows of one parameter, with DEFAULT in four other columns, take 3 MB. */
export const DEFAULT_GATE_LIMITS: GateLimits = { statementBytes: 4 * 1024 * 1024, checkMs: 300 }

/**
 * @param functions the owner's own functions that may be called, as `schema.name`
 * @param threads judge statements that are not in the cache
 */
export async function createGate(
  functions: readonly string[] = [],
  threads?: WorkThreads,
  limits: GateLimits = DEFAULT_GATE_LIMITS,
): Promise<Gate> {
  const workers = threads ?? (await WorkThreads.start())
  const outcomes = new Outcomes()
  const judge = async (sql: string, context: JudgeContext): Promise<Outcome> => {
    const tooLong = lengthRefusal(sql, limits.statementBytes)
    if (tooLong !== undefined) return tooLong
    const outcome = await workers
      .run('judge', { sql, functions }, context, limits.checkMs, () =>
        outcomes.get(sql, context.user),
      )
      .catch((error: unknown) => asOutcome(error, sql))
    outcomes.set(sql, context.user, outcome)
    return outcome
  }
  return async (sql, context = OWN_WORK) => {
    const outcome = outcomes.get(sql, context.user) ?? (await judge(sql, context))
    if (outcome instanceof ProxyError) throw outcome
    return outcome
  }
}

/** Lets everything through, so that tests can prove the other layers alone. */
export const openGate: Gate = (sql) => {
  // A NUL would end the text inside the protocol message.
  if (sql.includes('\0')) return Promise.reject(refused('it holds a NUL character'))
  return Promise.resolve({ leavesState: true, isRead: false, holdsContent: true })
}

/** A refusal is an outcome. A cancellation or an internal error is not, and is thrown. */
function asOutcome(error: unknown, sql: string): ProxyError {
  if (error instanceof WorkEnded) return tooComplex(sql)
  const isRefusal = error instanceof ProxyError && error.code.startsWith('statement_')
  if (!isRefusal) throw error
  return error
}

function lengthRefusal(sql: string, most: number): ProxyError | undefined {
  if (sql.includes('\0')) return refused('it holds a NUL character')
  const bytes = Buffer.byteLength(sql, 'utf8')
  if (bytes <= most) return undefined
  return refused(`it is ${bytes} bytes long, and PROXY_MAX_STATEMENT_BYTES allows ${most}`, {
    code: '54000',
    hint: 'Send values as parameters, long work as several statements, or raise PROXY_MAX_STATEMENT_BYTES.',
  })
}
