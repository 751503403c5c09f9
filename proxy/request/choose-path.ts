/** Which way a request is let in: a token wins over a password, and neither means nobody. */
import { ProxyError } from '../errors'
import { ANONYMOUS } from '../tokens/roles'
import type { Target } from './connection-string'

const BEARER = 'Bearer '

export type Path =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'password'; readonly password: Buffer }

export type Doors = {
  /** Whether the role `anonymous` may come in with neither. */
  readonly anonymous: boolean
  /** Whether any role may come in by password. */
  readonly password: boolean
}

/** @throws ProxyError credentials_missing, also when the password path is off and there is one */
export function choosePath(
  authorization: string | undefined,
  { user, password }: Target,
  doors: Doors,
): Path {
  if (authorization?.startsWith(BEARER)) {
    return { kind: 'token', token: authorization.slice(BEARER.length) }
  }
  if (authorization === undefined) {
    if (doors.password && password !== undefined) return { kind: 'password', password }
    if (doors.anonymous && user === ANONYMOUS) return { kind: 'anonymous' }
  }
  throw new ProxyError(
    'credentials_missing',
    'missing authentication credentials: required authorization bearer token in JWT format',
    { hint: 'Sign in, then send the session token as "Authorization: Bearer <token>".' },
  )
}
