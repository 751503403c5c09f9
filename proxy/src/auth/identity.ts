/** The first statement of every flight: from here to its end the session is the user. */
import type { Step } from '../postgres/flight'
import { randomSeed } from './random-seed'

export type Identity = {
  readonly role: string
  /** Sealed claims; empty for nobody. */
  readonly sessionToken: string
}

/**
 * All settings are local: they end with the transaction, whatever the statement after them does. To
 * set `seed` seeds random(); its end does not seed again, and nobody can read it.
 */
export const BECOME_USER =
  "select set_config('role', $1, true), set_config('auth.session_token', $2, true), set_config('seed', $3, true)"

export function becomeUser({ role, sessionToken }: Identity): Step {
  const params = [role, sessionToken, String(randomSeed())]
  return { sql: BECOME_USER, params, key: 'become user' }
}
