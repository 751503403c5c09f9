/** Opens Postgres over HTTP: each statement goes to the SQL proxy, with the token of one user. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { statementsIn, type Observe } from './sent-statement'

const timeoutMs = 10_000

neonConfig.fetchFunction = async (
  url: string,
  { observe, ...init }: RequestInit & { observe?: Observe },
) => {
  const sentAt = performance.now()
  try {
    // No cache may store a user's rows. The driver itself has no timeout.
    const signal = AbortSignal.timeout(timeoutMs)
    return await fetch(url, { ...init, cache: 'no-store', signal })
  } finally {
    if (observe && typeof init.body === 'string') {
      const ms = performance.now() - sentAt
      for (const statement of statementsIn(init.body)) observe({ ...statement, ms })
    }
  }
}

/** Postgres as one user. The driver has no interactive transactions; `batch` is one transaction. */
export type UserDatabase = Omit<NeonHttpDatabase, '$withAuth' | 'transaction'>

/** `sqlUrl` is the SQL proxy's; without it, the driver derives Neon's own from the other one. */
type Addresses = { databaseUrl: string; sqlUrl?: string | undefined }

/**
 * Returns a function that connects as the user of a token. Each call creates a client with that token, which
 * takes about 50 µs: Drizzle's `$withAuth` does not cover `batch`, and shares the last token that it was given
 * (drizzle-orm 0.45, neon-http).
 *
 * `observe` is told of each statement of this one client: what it hears is for the token's user alone.
 */
export function connect({ databaseUrl, sqlUrl }: Addresses) {
  if (sqlUrl) neonConfig.fetchEndpoint = sqlUrl
  return (token: string, observe?: Observe): UserDatabase =>
    drizzle({
      client: neon(databaseUrl, {
        authToken: token,
        disableWarningInBrowsers: true,
        // The driver hands these to the function above as they are.
        fetchOptions: { observe },
      }),
    })
}
