/** Postgres as the user of a token, from the browser: Neon's driver, whose statements go to the SQL proxy. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'

const { VITE_SQL_URL, VITE_DATABASE_AUTHENTICATED_URL } = import.meta.env
if (VITE_SQL_URL) neonConfig.fetchEndpoint = VITE_SQL_URL

export function connect(authToken: string) {
  const options = { authToken, disableWarningInBrowsers: true }
  return drizzle({ client: neon(VITE_DATABASE_AUTHENTICATED_URL ?? '', options) })
}
