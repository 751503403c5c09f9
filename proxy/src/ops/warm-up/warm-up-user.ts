/** The warm-up's user: a valid identity without any rows. */
import { randomUUID } from 'node:crypto'
import type { Identity } from '../../auth/identity'
import { sealClaims } from '../../auth/seal'
import type { SessionKey } from '../../auth/session-key'
import { AUTHENTICATED } from '../../auth/tokens/roles'

const LIFETIME_S = 60

export function warmUpUser(sessionKey: SessionKey): Identity {
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_S
  const claims = { iss: 'https://warm-up.invalid', sub: `warm-up ${randomUUID()}`, exp }
  return { role: AUTHENTICATED, sessionToken: sealClaims(sessionKey, JSON.stringify(claims)) }
}
