/** Writes one log line per request, and turns every error into an answer. */
import { errorBody, toProxyError, type ProxyError } from '../errors'
import type { Head, Response } from './message'
import { Throttled } from '../limits/throttled'
import { placesOf, type Log } from './logger'

/** Filled in while a request is served, for its log line. */
export type Trace = { role: string | null; rows: number | null }

/** Runs a request, turns an error into an answer, and logs the outcome. */
export async function withAccessLog(
  id: string,
  headers: Head['headers'],
  log: Log,
  run: (trace: Trace) => Promise<Response>,
): Promise<Response> {
  const started = performance.now()
  const trace: Trace = { role: null, rows: null }
  const ms = () => Math.round((performance.now() - started) * 100) / 100
  try {
    const response = await run(trace)
    log({ id, role: trace.role, ms: ms(), status: response.status, rows: trace.rows })
    return response
  } catch (thrown) {
    const error = toProxyError(thrown)
    const unexpected = error === thrown ? {} : { at: placesOf(thrown) }
    log({ id, ...trace, ms: ms(), status: error.status, code: error.code, ...unexpected })
    return failure(error, headers)
  }
}

function failure(error: ProxyError, headers: Head['headers']): Response {
  const seconds = error instanceof Throttled ? error.seconds : 1
  const isTemporary = error.status === 503 || error.status === 429
  const retry = isTemporary ? { 'retry-after': String(seconds) } : {}
  return {
    status: error.status,
    headers: { ...headers, 'proxy-error-code': error.code, ...retry },
    body: errorBody(error),
  }
}
