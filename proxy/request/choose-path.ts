/** Which way a request is let in: a token wins over a password, and neither means nobody. */
import { ProxyError } from '../errors'
import type { Target } from './connection-string'

export type Path =
  /** By token, or, where that is allowed, as the role `anonymous`. */
  { readonly kind: 'token' } | { readonly kind: 'password'; readonly password: Buffer }

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
  if (authorization?.startsWith('Bearer ')) return { kind: 'token' }
  if (authorization === undefined) {
    if (doors.password && password !== undefined) return { kind: 'password', password }
    if (doors.anonymous && user === 'anonymous') return { kind: 'token' }
  }
  throw new ProxyError(
    'credentials_missing',
    'missing authentication credentials: required authorization bearer token in JWT format',
    { hint: 'Sign in, then send the session token as "Authorization: Bearer <token>".' },
  )
}
