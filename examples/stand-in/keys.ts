/** The key that signs a stand-in's tokens, and its public half. */
import { createPublicKey, randomUUID } from 'node:crypto'
import {
  compactVerify,
  decodeJwt,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  importPKCS8,
  SignJWT,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose'
import { Refusal } from './refusal'
import type { State } from './state'

export type Algorithm = 'RS256' | 'ES256'
export type Claims = JWTPayload

export type Keys = {
  readonly kid: string
  readonly algorithm: Algorithm
  /** As `jwks_uri` answers. */
  readonly jwks: JSONWebKeySet
  /** The public key as PEM, for SDKs that are given one. */
  readonly pem: string
  /**
   * Signs the claims with `iat`, `exp` and a `jti`: without that, two tokens of one second would be the same. Claims
   * that are given count instead of these.
   */
  readonly sign: (claims: Claims, options?: SignOptions) => Promise<string>
  /**
   * The claims of a token of this key, also of one that has expired.
   * @throws Refusal (invalid_credentials) for any other
   */
  readonly open: (token: string) => Promise<Claims>
}

export type SignOptions = {
  /** Until it expires; the stand-in's `tokenSeconds` by default. */
  readonly seconds?: number
  readonly header?: Readonly<Record<string, unknown>>
}

export async function generateKey(algorithm: Algorithm, kid: string): Promise<State['key']> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return { kid, pkcs8: await exportPKCS8(privateKey) }
}

/** @param now seconds since 1970 */
export async function loadKeys(
  algorithm: Algorithm,
  { kid, pkcs8 }: State['key'],
  tokenSeconds: number,
  now: () => number,
): Promise<Keys> {
  const privateKey = await importPKCS8(pkcs8, algorithm)
  const publicKey = createPublicKey(pkcs8)
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: algorithm }
  return {
    kid,
    algorithm,
    jwks: { keys: [jwk] },
    pem: await exportSPKI(publicKey),
    sign: (claims, { seconds = tokenSeconds, header = {} } = {}) => {
      const iat = now()
      return new SignJWT({ iat, exp: iat + seconds, jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT', ...header })
        .sign(privateKey)
    },
    open: async (token) => {
      await compactVerify(token, publicKey, { algorithms: [algorithm] }).catch(() => {
        throw new Refusal('invalid_credentials', 'That is no token of this stand-in.')
      })
      return decodeJwt(token)
    },
  }
}
