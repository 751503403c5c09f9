/** The statements that restore a session's state after the login, whatever has run in it. */
import { randomSeed } from '../auth/random-seed'
import type { SearchPath } from './login'

/**
 * Each on its own: DISCARD ALL refuses to run beside anything else.
 * https://www.postgresql.org/docs/current/sql-discard.html
 */
export function resetStatements(searchPath?: SearchPath): readonly string[] {
  return [
    'RESET ROLE',
    'DISCARD ALL',
    ...(searchPath === undefined ? [] : [`SET search_path = ${searchPath.value}`]),
    // The one setting that DISCARD ALL leaves. A user who had set it could predict the next user's random().
    `SET seed = ${randomSeed()}`,
  ]
}
