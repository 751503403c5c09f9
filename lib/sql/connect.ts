/** Opens Postgres over HTTP on a server, with Neon's driver: each statement goes to the SQL proxy, with the token of one user. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { send } from './send'
import type { Observe } from './sent-statement'
import type { Addresses, Respond } from './user-database'

type Init = RequestInit & { observe?: Observe; respond?: Respond }

neonConfig.fetchFunction = (url: string, { observe, respond, ...init }: Init) =>
  send(url, init, { observe, respond })

/** The driver has no interactive transactions; `batch` is one transaction. */
type Database = Omit<NeonHttpDatabase, '$withAuth' | 'transaction'>

/**
 * Each call of the returned function creates a client with its token, which takes about 50 µs: Drizzle's `$withAuth`
 * does not cover `batch`, and shares the last token that it was given (drizzle-orm 0.45, neon-http).
 */
export function connect({ databaseUrl, sqlUrl }: Addresses) {
  if (sqlUrl) neonConfig.fetchEndpoint = sqlUrl
  return (token: string, observe?: Observe, respond?: Respond): Database =>
    drizzle({
      client: neon(databaseUrl, {
        authToken: token,
        disableWarningInBrowsers: true,
        // The driver hands these to the function above as they are.
        fetchOptions: { observe, respond },
      }),
    })
}
