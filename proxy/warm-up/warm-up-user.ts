/** Whom the warm-up acts for: an identity that Postgres believes, of a user who has no rows. */
import { randomUUID } from 'node:crypto'
import type { Identity } from '../become-user'
import { sealClaims } from '../identity'
import type { SessionKey } from '../session-key'
import { AUTHENTICATED } from '../tokens/roles'

const LIFETIME_S = 60

export function warmUpUser(sessionKey: SessionKey): Identity {
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_S
  const claims = { iss: 'https://warm-up.invalid', sub: `warm-up ${randomUUID()}`, exp }
  return { role: AUTHENTICATED, sessionToken: sealClaims(sessionKey, JSON.stringify(claims)) }
}
