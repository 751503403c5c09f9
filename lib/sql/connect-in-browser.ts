/**
 * Opens Postgres over HTTP in a browser. It speaks the protocol of Neon's driver, of which no bundler can leave out
 * what is for sessions: 50 kB more than this. Values come as JSON has them, so a page needs no parser of Postgres' text.
 */
import { drizzle } from 'drizzle-orm/pg-proxy'
import { send } from './send'
import { sqlAddress } from './sql-address'
import { SqlError } from './sql-error'
import type { Addresses, Connect } from './user-database'

export function connectInBrowser(addresses: Addresses): Connect {
  const url = sqlAddress(addresses)
  const headers = {
    'Neon-Connection-String': addresses.databaseUrl,
    'Neon-Array-Mode': 'true',
  }
  return (token, observe, respond) =>
    drizzle(async (query, params) => {
      const response = await send(
        url,
        {
          method: 'POST',
          headers: { ...headers, Authorization: `Bearer ${token}` },
          body: JSON.stringify({ query, params: params.map(asParam) }),
        },
        { observe, respond },
      )
      return { rows: await rowsOf(response) }
    })
}

/** Arrays go as Postgres writes them; how else they would be read differs among proxies. */
function asParam(param: unknown): unknown {
  if (!Array.isArray(param)) return param
  return `{${param.map((item) => (item === null ? 'NULL' : quoted(String(item)))).join(',')}}`
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`

/** The members of an answer, of which nothing is known. */
type Answer = { rows?: unknown; message?: unknown; code?: unknown }

/** @throws SqlError for what Postgres or the proxy refused */
async function rowsOf(response: Response): Promise<unknown[][]> {
  if (!response.ok) throw await errorOf(response)
  const { rows } = (await response.json()) as Answer
  if (!Array.isArray(rows)) throw new SqlError('The answer has no rows')
  return rows as unknown[][]
}

/** A 400 has the words of Postgres or the proxy. Others may come from any server on the way. */
async function errorOf(response: Response): Promise<SqlError> {
  const { status } = response
  if (status !== 400) return new SqlError(`HTTP status ${status}: ${await response.text()}`)
  const { message, code } = (await response.json()) as Answer
  return new SqlError(String(message), typeof code === 'string' ? code : undefined)
}
