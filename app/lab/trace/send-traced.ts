/** Sends one statement to the SQL proxy as the owner of a token, and asks for the trace of its request. */
import { z } from 'zod'
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

const answer = z.object({
  fields: z.array(z.object({ name: z.string() })).default([]),
  rows: z.array(z.array(z.string().nullable())).default([]),
  message: z.string().optional(),
  trace: traceSchema.optional(),
})

const TIMEOUT_MS = 20_000

/** @throws TypeError or TimeoutError when the proxy cannot be reached */
export async function sendTraced(
  token: string,
  { sql, params }: TracedStatement,
): Promise<TracedAnswer> {
  const begun = performance.now()
  const response = await fetch(process.env.NEXT_PUBLIC_SQL_URL ?? '', {
    method: 'POST',
    body: JSON.stringify({ query: sql, params }),
    headers: {
      Authorization: `Bearer ${token}`,
      'Neon-Connection-String': process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL ?? '',
      'Neon-Array-Mode': 'true',
      'Neon-Raw-Text-Output': 'true',
      'X-Proxy-Trace': '1',
    },
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const { fields, rows, message, trace } = answer.parse(await response.json())
  return {
    status: response.status,
    ms: performance.now() - begun,
    columns: fields.map(({ name }) => name),
    rows,
    message,
    code: response.headers.get('proxy-error-code') ?? undefined,
    trace,
  }
}
