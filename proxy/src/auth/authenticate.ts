/** Who is asking, and as which role: decided by the token and never by anything in the SQL. */
import { ProxyError } from '../errors'
import type { Identity } from './identity'
import { sealClaims } from './seal'
import type { Target } from '../request/connection-string'
import type { SessionKey } from './session-key'
import type { CheckRole } from './role-check'
import { ANONYMOUS, AUTHENTICATED } from './tokens/roles'
import type { VerifiedToken } from './tokens/verified-token'
import type { VerifyToken } from './tokens/verify'

export type Authenticated = {
  readonly identity: Identity
  /** Whose requests count together; never logged. */
  readonly user: string
}

/** @param token undefined where the role `anonymous` may come in without one */
export type Authenticate = (token: string | undefined, target: Target) => Promise<Authenticated>

export type AuthenticateSettings = {
  readonly verifyToken: VerifyToken
  /** Asked about every role but `authenticated`. */
  readonly checkRole: CheckRole
  readonly sessionKey: SessionKey
}

export function createAuthenticate(settings: AuthenticateSettings): Authenticate {
  const { verifyToken, checkRole, sessionKey } = settings
  // A token that is verified once and remembered is sealed once, too; the memory goes with it.
  const sealed = new WeakMap<VerifiedToken, Map<string, Authenticated>>()
  return async (token, target) => {
    if (token === undefined) {
      await checkRole(ANONYMOUS)
      return { identity: { role: ANONYMOUS, sessionToken: '' }, user: ANONYMOUS }
    }
    const verified = await verifyToken(token)
    const role = target.user
    // After the token, so that a stranger does not learn which roles there are.
    if (!verified.roles.has(role)) throw roleRefused(role)
    if (role !== AUTHENTICATED) await checkRole(role)
    const known = sealed.get(verified)?.get(role)
    if (known !== undefined) return known
    const authenticated = {
      identity: { role, sessionToken: sealClaims(sessionKey, verified.payloadJson, verified) },
      user: `${verified.issuer} ${verified.subject}`,
    }
    const roles = sealed.get(verified) ?? new Map<string, Authenticated>()
    sealed.set(verified, roles.set(role, authenticated))
    return authenticated
  }
}

function roleRefused(user: string): ProxyError {
  return new ProxyError('role_refused', `password authentication failed for user '${user}'`, {
    hint: `Name the role ${AUTHENTICATED} in the connection string, or one that the token's claims permit ("roles" in PROXY_JWT_PROVIDERS).`,
  })
}
