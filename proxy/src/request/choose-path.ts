/** Chooses how a request is authenticated: by token, else by password, else anonymously. */
import { ProxyError } from '../errors'
import { malformed } from '../auth/tokens/decode'
import { ANONYMOUS } from '../auth/tokens/roles'
import type { Target } from './connection-string'

/** RFC 9110, sections 11.1 and 11.4: the scheme in any case, spaces, and the token. */
const BEARER = /^bearer(?: +(.*))?$/is

export type Path =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'password'; readonly password: Buffer }

export type AccessPaths = {
  /** Whether a request without either may run as `anonymous`. */
  readonly anonymous: boolean
  /** Whether any role may log in by password. */
  readonly password: boolean
}

/**
 * @throws ProxyError credentials_missing, also for a password while the password path is off;
 * token_malformed when anything follows the token
 */
export function choosePath(
  authorization: string | undefined,
  { user, password }: Target,
  paths: AccessPaths,
): Path {
  if (authorization === undefined) {
    if (paths.password && password !== undefined) return { kind: 'password', password }
    if (paths.anonymous && user === ANONYMOUS) return { kind: 'anonymous' }
    throw missing('')
  }
  const bearer = BEARER.exec(authorization.trim())
  if (bearer === null) throw missing(' (the scheme is not Bearer)')
  const token = bearer[1] ?? ''
  if (token === '') throw missing(' (nothing follows Bearer)')
  if (/[\s,]/.test(token)) throw malformed('it is not one token: it holds a space or a comma')
  return { kind: 'token', token }
}

/** The words before the parenthesis are Neon's. */
function missing(what: string): ProxyError {
  return new ProxyError(
    'credentials_missing',
    `missing authentication credentials: required authorization bearer token in JWT format${what}`,
    { hint: 'Sign in, then send the session token as "Authorization: Bearer <token>".' },
  )
}
