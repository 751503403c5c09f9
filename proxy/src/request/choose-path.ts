/** Which way a request is let in: a token wins over a password, and neither means nobody. */
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
  /** Whether the role `anonymous` may come in with neither. */
  readonly anonymous: boolean
  /** Whether any role may come in by password. */
  readonly password: boolean
}

/**
 * @throws ProxyError credentials_missing, also when the password path is off and there is one;
 * token_malformed when something follows the token
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

/** The words before the parenthesis are those of Neon's protocol. */
function missing(what: string): ProxyError {
  return new ProxyError(
    'credentials_missing',
    `missing authentication credentials: required authorization bearer token in JWT format${what}`,
    { hint: 'Sign in, then send the session token as "Authorization: Bearer <token>".' },
  )
}
