/** Sends SQL to a proxy as the drivers do, and reads what comes back: to that of a world, or to the app’s own. */
import { z } from 'zod'
import type { Failure, Outcome, Result, Run } from '../service/api'

export type Endpoint = {
  readonly url: string
  /** Names a role and a database, and has no password. */
  readonly connectionString: string
}

const result = z.object({
  command: z.string().default(''),
  rowCount: z.number().nullable().default(null),
  fields: z.array(z.object({ name: z.string() })).default([]),
  rows: z.array(z.array(z.string().nullable())).default([]),
})
const answer = z.union([
  z.object({ results: z.array(result), trace: z.unknown().optional() }),
  result
    .extend({ trace: z.unknown().optional() })
    .transform(({ trace, ...one }) => ({ results: [one], trace })),
])
const refusal = z.object({
  message: z.string(),
  code: z.string().nullish(),
  detail: z.string().nullish(),
  hint: z.string().nullish(),
  trace: z.unknown().optional(),
})

const TIMEOUT_MS = 20_000

/** @throws TypeError or TimeoutError when the proxy cannot be reached */
export async function runSql(
  { url, connectionString }: Endpoint,
  token: string | undefined,
  { sql, params = [], trace = false }: Pick<Run, 'sql' | 'params' | 'trace'>,
): Promise<Outcome> {
  const begun = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(
      typeof sql === 'string'
        ? { query: sql, params }
        : { queries: sql.map((query) => ({ query, params: [] })) },
    ),
    headers: {
      'neon-connection-string': connectionString,
      'neon-array-mode': 'true',
      'neon-raw-text-output': 'true',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(trace ? { 'x-proxy-trace': '1' } : {}),
    },
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await response.text()
  const ms = performance.now() - begun
  if (response.ok) {
    const { results, trace: traced } = answer.parse(JSON.parse(text))
    return outcomeOf(response.status, ms, results.map(withColumns), null, traced)
  }
  const { trace: traced, ...error } = refusal.parse(JSON.parse(text))
  const proxyCode = response.headers.get('proxy-error-code')
  return outcomeOf(response.status, ms, [], failureOf(proxyCode, error), traced)
}

function withColumns({ fields, ...rest }: z.infer<typeof result>): Result {
  return { ...rest, columns: fields.map(({ name }) => name) }
}

function outcomeOf(
  status: number,
  ms: number,
  results: readonly Result[],
  error: Failure | null,
  trace: unknown,
): Outcome {
  const common = { status, ms: Math.round(ms * 10) / 10, results: [...results], error }
  return trace === undefined ? common : { ...common, trace }
}

/** @param error of the proxy or of Postgres, which leave out what they do not know */
export function failureOf(
  proxyCode: string | null,
  { message, code, detail, hint }: Omit<z.infer<typeof refusal>, 'trace'>,
): Failure {
  return {
    proxyCode,
    code: code ?? null,
    message,
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
  }
}
