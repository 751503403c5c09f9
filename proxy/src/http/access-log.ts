/** Writes one log line per request, and turns every error into an answer. */
import { errorBody, toProxyError, type ProxyError } from '../errors'
import type { Head, Response } from './message'
import { Throttled } from '../limits/throttled'
import type { Tracer, TraceStep } from '../trace/trace'
import { placesOf, type Log } from './logger'

/** Filled in while a request is served, for its log line. */
export type Logged = { role: string | null; rows: number | null }

/**
 * Runs a request, turns an error into an answer, and logs the outcome.
 * @param tracer of a request that asks for its trace, which is answered and never logged
 */
export async function withAccessLog(
  id: string,
  headers: Head['headers'],
  log: Log,
  run: (logged: Logged) => Promise<Response>,
  tracer?: Tracer,
): Promise<Response> {
  const started = performance.now()
  const logged: Logged = { role: null, rows: null }
  const ms = () => Math.round((performance.now() - started) * 100) / 100
  try {
    const response = await run(logged)
    log({ id, role: logged.role, ms: ms(), status: response.status, rows: logged.rows })
    return response
  } catch (thrown) {
    const error = toProxyError(thrown)
    const unexpected = error === thrown ? {} : { at: placesOf(thrown) }
    log({ id, ...logged, ms: ms(), status: error.status, code: error.code, ...unexpected })
    return failure(error, headers, tracer?.finish(error))
  }
}

function failure(
  error: ProxyError,
  headers: Head['headers'],
  trace: readonly TraceStep[] = [],
): Response {
  const seconds = error instanceof Throttled ? error.seconds : 1
  const isTemporary = error.status === 503 || error.status === 429
  const retry = isTemporary ? { 'retry-after': String(seconds) } : {}
  return {
    status: error.status,
    headers: { ...headers, 'proxy-error-code': error.code, ...retry },
    body: errorBody(error, trace.length === 0 ? {} : { trace }),
  }
}
