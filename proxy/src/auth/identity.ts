/** The first statement of every flight: until the end of the transaction the session acts as the user. */
import type { Step } from '../postgres/flight'
import { randomSeed } from './random-seed'

export type Identity = {
  readonly role: string
  /** Sealed claims; empty without a user. */
  readonly sessionToken: string
}

/**
 * All settings are local: they end with the transaction, whatever the statement does. Setting `seed`
 * seeds random(). Ending the transaction does not reseed it, and the seed cannot be read.
 */
export const BECOME_USER =
  "select set_config('role', $1, true), set_config('auth.session_token', $2, true), set_config('seed', $3, true)"

export function becomeUser({ role, sessionToken }: Identity): Step {
  const params = [role, sessionToken, String(randomSeed())]
  return { sql: BECOME_USER, params, key: 'become user' }
}
