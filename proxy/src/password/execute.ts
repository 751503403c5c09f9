/** Runs a request as a role that logs in by password, with any statement that Postgres allows it. */
import type { AnswerLimits } from '../execute/answer/answer-writer'
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { RequestOutcome } from '../execute/outcome'
import type { SqlRequest } from '../request/body'
import { runRequest, toRefusal, type Answer, type Work } from '../execute/run-request'
import type { Credentials } from './login'
import type { PasswordSessions } from './sessions'

export type PasswordJob = Pick<Work, 'options' | 'openStream'> & {
  readonly credentials: Credentials
  /** The origin of the requesting page; undefined for programs. */
  readonly origin: string | undefined
  /** Called once the password has been accepted. */
  readonly request: () => Promise<SqlRequest>
  readonly cancellation: Cancellation
}

export type ExecuteByPassword = (job: PasswordJob) => Promise<Answer>

export function createExecuteByPassword(
  sessions: PasswordSessions,
  allowedOrigins: ReadonlySet<string>,
  limits: AnswerLimits,
): ExecuteByPassword {
  return async ({ credentials, origin, options, openStream, request, cancellation }) => {
    // Any page can make a browser send requests to this machine, so unlisted origins are refused.
    if (origin !== undefined && !allowedOrigins.has(origin)) throw originRefused()
    let session = await sessions.acquire(credentials, cancellation)
    const giveUp = () => {
      session.connection.giveUp(cancellation)
    }
    cancellation.listen(giveUp)
    // Without a gate, every statement may be a write.
    const outcome = new RequestOutcome()
    try {
      cancellation.throwIfCancelled()
      // The client occupies a session while it sends its body, so the deadline applies.
      const body = await Promise.race([request(), rejection(cancellation)])
      const asked = withoutNul(body)
      const turn = { owner: cancellation, user: credentials.role, follows: false }
      session = await sessions.renew(session, credentials, turn)
      cancellation.throwIfCancelled()
      const work = {
        request: asked,
        options,
        openStream,
        before: [],
        keyOf,
        turn: { ...turn, onOutcome: outcome.tell },
      }
      return await runRequest(session.connection, work, session.catalog, limits)
    } catch (error) {
      const told = cancellation.reason ?? toRefusal(error, limits)
      throw await outcome.explain(error, told)
    } finally {
      cancellation.unlisten(giveUp)
      // Awaited, so that the client's next request can reuse the session instead of logging in.
      await sessions.release(session)
    }
  }
}

function rejection(cancellation: Cancellation): Promise<never> {
  return new Promise((_resolve, reject) => {
    cancellation.listen(reject)
  })
}

/** Nothing stays prepared, because any request may change any table. */
function keyOf(): undefined {
  return undefined
}

/** A NUL would end the text inside the protocol message. The gate has the same rule. */
function withoutNul(request: SqlRequest): SqlRequest {
  const statements = request.kind === 'single' ? [request.statement] : request.statements
  if (!statements.some(({ sql }) => sql.includes('\0'))) return request
  throw new ProxyError('body_invalid', 'string contains embedded null')
}

function originRefused(): ProxyError {
  return new ProxyError('origin_refused', 'a password is not accepted from this origin', {
    hint: 'Send a token, or name the origin in PROXY_ALLOWED_ORIGINS.',
  })
}
