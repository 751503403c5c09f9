/** Opens Postgres over HTTP: each statement goes to the SQL proxy, with the token of one user. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'
import { env } from './env'

const timeoutMs = 10_000

if (env.sqlUrl) neonConfig.fetchEndpoint = env.sqlUrl
neonConfig.fetchFunction = (url: string, init: RequestInit) =>
  // No cache may ever hold one user's rows; the driver itself would wait for an answer for ever.
  fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })

/** Postgres as one user sees it. */
export type UserDatabase = ReturnType<ReturnType<typeof connect>>

/**
 * Returns a function that gives the database as one user sees it: the user whose token it gets.
 * A Drizzle database remembers the last token that `$withAuth` was given, and `execute()` sends
 * that one (drizzle-orm 0.45, pg-core/db.js). So the connection is shared, Drizzle's object is not.
 */
export function connect(databaseUrl: string) {
  const client = neon(databaseUrl, { disableWarningInBrowsers: true })
  return (token: string) => drizzle({ client }).$withAuth(token)
}
