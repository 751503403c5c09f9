/** Runs a request as the role whose password the client has: any statement that Postgres allows it. */
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
  /** Of the web page that asks; undefined for programs. */
  readonly origin: string | undefined
  /** Called once the password is known to be right. */
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
    // Any page can make a browser send requests to this machine; few have business with passwords.
    if (origin !== undefined && !allowedOrigins.has(origin)) throw originRefused()
    let session = await sessions.acquire(credentials, cancellation)
    const giveUp = () => {
      session.connection.giveUp(cancellation)
    }
    cancellation.listen(giveUp)
    // No gate says which statements only read.
    const outcome = new RequestOutcome()
    try {
      cancellation.throwIfCancelled()
      // The client has a session while it sends, so it may not take all day.
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
      // Awaited, so that the client's next request finds the session and need not log in again.
      await sessions.release(session)
    }
  }
}

function rejection(cancellation: Cancellation): Promise<never> {
  return new Promise((_resolve, reject) => {
    cancellation.listen(reject)
  })
}

/** Nothing stays prepared: the next request may have changed every table. */
function keyOf(): undefined {
  return undefined
}

/** A NUL would end the text inside the protocol message; the gate of the other path says the same. */
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
