/** What takes a session back to what it was after the login, whatever was done in it. */
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
    // The one setting that DISCARD ALL leaves: whoever chose it would know the next user's random().
    `SET seed = ${randomSeed()}`,
  ]
}
