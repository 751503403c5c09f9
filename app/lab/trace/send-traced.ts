/** Sends one statement to the SQL proxy as the owner of a token, and asks for the trace of its request. */
import { runSql } from '../sql/run-sql'
import { APP_PROXY } from '../sql/app-proxy'
import { trace as traceSchema, type Trace } from './trace'

export type TracedStatement = { readonly sql: string; readonly params: readonly string[] }

export type TracedAnswer = {
  readonly status: number
  readonly ms: number
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** The proxy's words or Postgres', when the request was refused. */
  readonly message: string | undefined
  readonly code: string | undefined
  /** Undefined where the proxy gives no traces. */
  readonly trace: Trace | undefined
}

/** @throws TypeError or TimeoutError when the proxy cannot be reached */
export async function sendTraced(
  token: string,
  { sql, params }: TracedStatement,
): Promise<TracedAnswer> {
  const { status, ms, results, error, trace } = await runSql(APP_PROXY, token, {
    sql,
    params: [...params],
    trace: true,
  })
  return {
    ...{ status, ms },
    columns: results[0]?.columns ?? [],
    rows: results[0]?.rows ?? [],
    message: error?.message,
    code: error?.proxyCode ?? undefined,
    trace: traceSchema.optional().parse(trace),
  }
}
