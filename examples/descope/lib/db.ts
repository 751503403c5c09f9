/** Postgres from the browser, as the user of a token: Neon's driver, whose statements go to the SQL proxy. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'

if (process.env.NEXT_PUBLIC_SQL_URL) neonConfig.fetchEndpoint = process.env.NEXT_PUBLIC_SQL_URL

export function connect(authToken: string) {
  const url = process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL ?? ''
  // The driver warns of passwords in browsers: this address has none, and policies apply to every sender of SQL.
  return drizzle({ client: neon(url, { authToken, disableWarningInBrowsers: true }) })
}
