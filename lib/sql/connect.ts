/** Opens Postgres over HTTP: each statement goes to the SQL proxy, with the token of one user. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { env } from '../env'

const timeoutMs = 10_000

if (env.sqlUrl) neonConfig.fetchEndpoint = env.sqlUrl
neonConfig.fetchFunction = (url: string, init: RequestInit) =>
  // No cache may ever hold one user's rows; the driver itself would wait for an answer for ever.
  fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })

/** Postgres as one user sees it. The driver has no interactive transactions; `batch` is one. */
export type UserDatabase = Omit<NeonHttpDatabase, '$withAuth' | 'transaction'>

/**
 * Returns a function that gives the database as one user sees it: the user whose token it gets.
 * The token belongs to the client, which costs some 50 µs to make: Drizzle's `$withAuth` leaves
 * `batch` without one, and shares the last one that it was given (drizzle-orm 0.45, neon-http).
 */
export function connect(databaseUrl: string) {
  return (token: string): UserDatabase =>
    drizzle({ client: neon(databaseUrl, { authToken: token, disableWarningInBrowsers: true }) })
}
