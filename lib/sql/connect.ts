/** Opens Postgres over HTTP: each statement goes to the SQL proxy, with the token of one user. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { statementsIn, type Observe } from './sent-statement'

const timeoutMs = 10_000

/** Answers a request in place of the proxy. */
export type Respond = (url: string, init: RequestInit) => Promise<Response>

type Init = RequestInit & { observe?: Observe; respond?: Respond }

neonConfig.fetchFunction = async (url: string, { observe, respond = send, ...init }: Init) => {
  const sentAt = performance.now()
  try {
    return await respond(url, init)
  } finally {
    if (observe && typeof init.body === 'string') {
      const ms = performance.now() - sentAt
      for (const statement of statementsIn(init.body)) observe({ ...statement, ms })
    }
  }
}

function send(url: string, init: RequestInit): Promise<Response> {
  // No cache may store a user's rows. The driver itself has no timeout.
  return fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })
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
  return (token: string, observe?: Observe, respond?: Respond): UserDatabase =>
    drizzle({
      client: neon(databaseUrl, {
        authToken: token,
        disableWarningInBrowsers: true,
        // The driver hands these to the function above as they are.
        fetchOptions: { observe, respond },
      }),
    })
}
