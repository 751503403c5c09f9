/** Sends SQL to the proxy as one person, once or live, and reads the answer. */
import { z } from 'zod'

/** Undefined sends no token. */
export type TokenOf = () => Promise<string | undefined>

export type PersonsAnswer = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly command: string
  readonly rowCount: number | null
}

const answer = z
  .object({
    fields: z.array(z.object({ name: z.string() })),
    rows: z.array(z.array(z.string().nullable())),
    command: z.string(),
    rowCount: z.number().nullable(),
  })
  .transform(({ fields, ...rest }) => ({ columns: fields.map(({ name }) => name), ...rest }))
const refusal = z.object({ message: z.string() })

/** The proxy or Postgres has refused; the message is in their words. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

const TIMEOUT_MS = 20_000

/** @throws Refused */
export async function askOnce(tokenOf: TokenOf, sql: string): Promise<PersonsAnswer> {
  const response = await send(await tokenOf(), sql, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw await refusedBy(response)
  return answer.parse(await response.json())
}

/** The response is a stream of events. @throws Refused */
export async function openLive(
  tokenOf: TokenOf,
  sql: string,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const response = await send(await tokenOf(), sql, {
    signal,
    headers: {
      Accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    },
  })
  if (!response.ok) throw await refusedBy(response)
  return response
}

export const readAnswer = (data: string): PersonsAnswer => answer.parse(JSON.parse(data))
export const readRefusal = (data: string): string => refusal.parse(JSON.parse(data)).message

async function refusedBy(response: Response): Promise<Refused> {
  return new Refused(refusal.parse(await response.json()).message)
}

function send(
  token: string | undefined,
  sql: string,
  { headers = {}, signal }: { headers?: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  return fetch(process.env.NEXT_PUBLIC_SQL_URL ?? '', {
    method: 'POST',
    body: JSON.stringify({ query: sql }),
    headers: {
      'Neon-Connection-String': process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL ?? '',
      'Neon-Array-Mode': 'true',
      'Neon-Raw-Text-Output': 'true',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    cache: 'no-store',
    signal,
  })
}
