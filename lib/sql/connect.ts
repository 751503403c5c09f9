/** Opens Postgres over HTTP: each statement goes to the SQL proxy, with the token of one user. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'

const timeoutMs = 10_000

neonConfig.fetchFunction = (url: string, init: RequestInit) =>
  // No cache may store a user's rows. The driver itself has no timeout.
  fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })

/** Postgres as one user. The driver has no interactive transactions; `batch` is one transaction. */
export type UserDatabase = Omit<NeonHttpDatabase, '$withAuth' | 'transaction'>

/** `sqlUrl` is the SQL proxy's; without it, the driver derives Neon's own from the other one. */
type Addresses = { databaseUrl: string; sqlUrl?: string | undefined }

/**
 * Returns a function that connects as the user of a token. Each call creates a client with that token, which
 * takes about 50 µs: Drizzle's `$withAuth` does not cover `batch`, and shares the last token that it was given
 * (drizzle-orm 0.45, neon-http).
 */
export function connect({ databaseUrl, sqlUrl }: Addresses) {
  if (sqlUrl) neonConfig.fetchEndpoint = sqlUrl
  return (token: string): UserDatabase =>
    drizzle({ client: neon(databaseUrl, { authToken: token, disableWarningInBrowsers: true }) })
}
