/**
 * Postgres from the browser, as the user of the given session token.
 *
 * The build has put the addresses in here. The server that delivers the page has checked the same ones (env.ts), so the
 * browser need not load the schemas for it.
 */
import { connectInBrowser } from './connect-in-browser'

export const browserDb = connectInBrowser({
  databaseUrl: process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL ?? '',
  sqlUrl: process.env.NEXT_PUBLIC_SQL_URL,
})
