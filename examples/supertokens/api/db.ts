/** Postgres as the user of a token: Neon's driver, whose statements go to the SQL proxy. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'

if (process.env.SQL_URL) neonConfig.fetchEndpoint = process.env.SQL_URL

export function connect(authToken: string) {
  return drizzle({ client: neon(process.env.DATABASE_AUTHENTICATED_URL ?? '', { authToken }) })
}
