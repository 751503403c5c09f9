/** The one RSA key that signs session tokens, and its public half as third parties see it. */
import { randomBytes } from 'node:crypto'
import {
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose'

export const ALGORITHM = 'RS256'

/** The key as it is kept on disk: PEM. */
export type StoredKey = { kid: string; pkcs8: string }

export type SigningKey = { kid: string; privateKey: CryptoKey; jwks: JSONWebKeySet }

export async function generateSigningKey(): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, {
    modulusLength: 2048,
    extractable: true,
  })
  return {
    kid: `ins_${randomBytes(16).toString('hex')}`,
    pkcs8: await exportPKCS8(privateKey),
  }
}

export async function loadSigningKey({ kid, pkcs8 }: StoredKey): Promise<SigningKey> {
  const { kty, n, e } = await exportJWK(await importPKCS8(pkcs8, ALGORITHM, { extractable: true }))
  if (kty !== 'RSA' || !n || !e) throw new TypeError('The stored signing key is not an RSA key.')
  return {
    kid,
    privateKey: await importPKCS8(pkcs8, ALGORITHM),
    // Named one by one: a copy of the private key's JWK would publish its secret parts.
    jwks: { keys: [{ kty, n, e, kid, use: 'sig', alg: ALGORITHM }] },
  }
}
