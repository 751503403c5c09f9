/** Runs a request as the user whom a token named, on a session that everybody shares in turn. */
import type { AnswerLimits } from './answer/answer-writer'
import { becomeUser, type Identity } from './become-user'
import type { Cancellation } from './cancellation'
import type { Verdict } from './gate/decide'
import type { Pool } from './postgres/pool'
import { TypeCatalog } from './postgres/type-catalog'
import { runRequest, toRefusal, type Answer, type Work } from './run-request'

export type Job = Pick<Work, 'request' | 'options' | 'openOutlet'> & {
  readonly identity: Identity
  readonly verdicts: readonly Verdict[]
  readonly cancellation: Cancellation
  /** Whose share of the sessions this uses. */
  readonly user: string
}

export type Execute = (job: Job) => Promise<Answer>

export function createExecute(pool: Pool, limits: AnswerLimits): Execute {
  const catalog = new TypeCatalog()
  return async ({ request, options, openOutlet, identity, verdicts, cancellation, user }) => {
    const connection = await pool.acquire(cancellation, user)
    const abort = () => {
      connection.abort()
    }
    cancellation.listen(abort)
    const work = {
      request,
      options,
      openOutlet,
      before: [becomeUser(identity)],
      keyOf: (sql: string) => `${identity.role} ${sql}`,
    }
    try {
      return await runRequest(connection, work, catalog, limits)
    } catch (error) {
      cancellation.throwIfCancelled()
      throw toRefusal(error, limits)
    } finally {
      cancellation.unlisten(abort)
      // Not awaited: the answer need not wait until the session is fit for the next user.
      void pool.release(connection, !verdicts.some(({ leavesState }) => leavesState))
    }
  }
}
