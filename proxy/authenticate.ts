/** Who is asking, and as which role: decided by the token and never by anything in the SQL. */
import { ProxyError } from './errors'
import type { Identity } from './become-user'
import { sealClaims } from './identity'
import type { Target } from './request/connection-string'
import type { SessionKey } from './session-key'
import type { CheckRole } from './role-check'
import { ANONYMOUS, AUTHENTICATED } from './tokens/roles'
import type { VerifyToken } from './tokens/verify'

export type Authenticated = {
  readonly identity: Identity
  /** Whose requests count together; never logged. */
  readonly user: string
}

export type AuthenticateSettings = {
  readonly verifyToken: VerifyToken
  /** Asked about every role but `authenticated`. */
  readonly checkRole: CheckRole
  readonly sessionKey: SessionKey
}

/** @param token undefined where the role `anonymous` may come in without one */
export async function authenticate(
  token: string | undefined,
  target: Target,
  settings: AuthenticateSettings,
): Promise<Authenticated> {
  if (token === undefined) {
    await settings.checkRole(ANONYMOUS)
    return { identity: { role: ANONYMOUS, sessionToken: '' }, user: ANONYMOUS }
  }
  const verified = await settings.verifyToken(token)
  // After the token, so that a stranger does not learn which roles there are.
  if (!verified.roles.has(target.user)) throw roleRefused(target.user)
  if (target.user !== AUTHENTICATED) await settings.checkRole(target.user)
  return {
    identity: {
      role: target.user,
      sessionToken: sealClaims(settings.sessionKey, verified.payloadJson),
    },
    user: `${verified.issuer} ${verified.subject}`,
  }
}

function roleRefused(user: string): ProxyError {
  return new ProxyError('role_refused', `password authentication failed for user '${user}'`, {
    hint: `Name the role ${AUTHENTICATED} in the connection string, or one that the token's claims permit ("roles" in PROXY_JWT_PROVIDERS).`,
  })
}
