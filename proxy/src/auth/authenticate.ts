/** Decides who is asking, and as which role, from the token alone and never from the SQL. */
import { ProxyError } from '../errors'
import type { Identity } from './identity'
import { sealClaims } from './seal'
import type { Target } from '../request/connection-string'
import type { SessionKey } from './session-key'
import type { CheckRole } from './role-check'
import type { OnPassed } from './tokens/checks'
import { ANONYMOUS, AUTHENTICATED } from './tokens/roles'
import type { VerifiedToken } from './tokens/verified-token'
import type { VerifyToken } from './tokens/verify'

export type Authenticated = {
  readonly identity: Identity
  /** The key for this user's limits; never logged. */
  readonly user: string
  /** In seconds since 1970; undefined without a token. */
  readonly expiresAt?: number
  /** Undefined for `anonymous`. */
  readonly token?: VerifiedToken
}

/**
 * @param token undefined for a request as `anonymous`
 * @param onPassed told of each check of the token
 */
export type Authenticate = (
  token: string | undefined,
  target: Target,
  onPassed?: OnPassed,
) => Promise<Authenticated>

export type AuthenticateSettings = {
  readonly verifyToken: VerifyToken
  /** Called for every role but `authenticated`. */
  readonly checkRole: CheckRole
  readonly sessionKey: SessionKey
}

export function createAuthenticate(settings: AuthenticateSettings): Authenticate {
  const { verifyToken, checkRole, sessionKey } = settings
  // A cached token is sealed only once; the seal is dropped together with it.
  const sealed = new WeakMap<VerifiedToken, Map<string, Authenticated>>()
  return async (token, target, onPassed) => {
    if (token === undefined) {
      await checkRole(ANONYMOUS)
      return { identity: { role: ANONYMOUS, sessionToken: '' }, user: ANONYMOUS }
    }
    const verified = await verifyToken(token, onPassed)
    const role = target.user
    // After the token, so that strangers do not learn which roles exist.
    if (!verified.roles.has(role)) throw roleRefused(role)
    if (role !== AUTHENTICATED) await checkRole(role)
    onPassed?.('role')
    const known = sealed.get(verified)?.get(role)
    if (known !== undefined) return known
    const authenticated = {
      identity: { role, sessionToken: sealClaims(sessionKey, verified.payloadJson, verified) },
      user: `${verified.issuer} ${verified.subject}`,
      expiresAt: verified.expiresAt,
      token: verified,
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
