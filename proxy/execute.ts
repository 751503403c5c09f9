/** Runs a request as the user whom a token named, on a session that everybody shares in turn. */
import { becomeUser, type Identity } from './become-user'
import type { Verdict } from './gate/decide'
import type { Pool } from './postgres/pool'
import { TypeCatalog } from './postgres/type-catalog'
import type { SqlRequest } from './request/body'
import type { Options } from './request/options'
import { runRequest, toRefusal, type Answer, type AnswerLimits } from './run-request'

export type Job = {
  readonly request: SqlRequest
  readonly options: Options
  readonly identity: Identity
  readonly verdicts: readonly Verdict[]
  readonly signal: AbortSignal
  /** Whose share of the sessions this uses. */
  readonly user: string
}

export type Execute = (job: Job) => Promise<Answer>

export function createExecute(pool: Pool, limits: AnswerLimits): Execute {
  const catalog = new TypeCatalog()
  return async ({ request, options, identity, verdicts, signal, user }) => {
    const connection = await pool.acquire(signal, user)
    const abort = () => {
      connection.abort()
    }
    signal.addEventListener('abort', abort, { once: true })
    const work = {
      request,
      options,
      before: [becomeUser(identity)],
      keyOf: (sql: string) => `${identity.role} ${sql}`,
    }
    try {
      return await runRequest(connection, work, catalog, limits)
    } catch (error) {
      signal.throwIfAborted()
      throw toRefusal(error, limits)
    } finally {
      signal.removeEventListener('abort', abort)
      // Not awaited: the answer need not wait until the session is fit for the next user.
      void pool.release(connection, !verdicts.some(({ leavesState }) => leavesState))
    }
  }
}
