/** The first statement of every flight: from here to its end the session is the user. */
import type { Step } from './postgres/flight'

export type Identity = {
  readonly role: string
  /** Sealed claims; empty for nobody. */
  readonly sessionToken: string
}

/** Both settings are local: they end with the transaction, whatever the statement after them does. */
export const BECOME_USER =
  "select set_config('role', $1, true), set_config('auth.session_token', $2, true)"

export function becomeUser({ role, sessionToken }: Identity): Step {
  return { sql: BECOME_USER, params: [role, sessionToken], key: 'become user' }
}
