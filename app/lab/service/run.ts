/** Sends SQL to the proxy of a world as the drivers do, and reads what comes back. */
import { z } from 'zod'
import type { Failure, Outcome, Result, Run } from './api'

/** A proxy in front of one scratch database. */
export type Door = {
  readonly url: string
  readonly tcpPort: number
  readonly database: string
}

/** A role, and a token unless it is `anonymous`. */
export type Caller = { readonly role: string; readonly token: string | undefined }

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

export async function runSql(
  { url, database }: Door,
  { role, token }: Caller,
  { sql, params = [], trace = false }: Pick<Run, 'sql' | 'params' | 'trace'>,
): Promise<Outcome> {
  const begun = performance.now()
  const response = await fetch(`${url}/sql`, {
    method: 'POST',
    body: JSON.stringify(
      typeof sql === 'string'
        ? { query: sql, params }
        : { queries: sql.map((query) => ({ query, params: [] })) },
    ),
    headers: {
      'neon-connection-string': `postgresql://${role}@localhost/${database}`,
      'neon-array-mode': 'true',
      'neon-raw-text-output': 'true',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(trace ? { 'proxy-trace': '1' } : {}),
    },
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
