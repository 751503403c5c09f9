/** The supported signature algorithms, each tied to one type of key. */
import type { JWK } from 'jose'

/** No HMAC: a public key must never serve as a shared secret. No `none`. */
const KEY_TYPES = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
} as const satisfies Record<string, { kty: string; crv?: string }>

export type Algorithm = keyof typeof KEY_TYPES
export const ALGORITHMS = Object.keys(KEY_TYPES) as [Algorithm, ...Algorithm[]]

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(KEY_TYPES, name)
}

/** A key fits an algorithm when type and curve match and its own `alg` and `use` do not disagree. */
export function fits(key: JWK, algorithm: Algorithm): boolean {
  const needed: { kty: string; crv?: string } = KEY_TYPES[algorithm]
  return (
    key.kty === needed.kty &&
    key.crv === needed.crv &&
    (key.use === undefined || key.use === 'sig') &&
    (key.key_ops === undefined || key.key_ops.includes('verify')) &&
    (key.alg === undefined || key.alg === algorithm)
  )
}
