/** The server's own variables, parsed once. */
import 'server-only'
import { roleUrl } from './env'
import { readVariable } from './read-variable'

export const serverEnv = {
  databaseUrl: readVariable(
    'DATABASE_AUTHENTICATED_URL',
    process.env.DATABASE_AUTHENTICATED_URL,
    roleUrl,
  ),
}
