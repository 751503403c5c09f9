/**
 * The lab's own issuer of tokens, with keys that are made at every start. Only the proxies of scratch databases
 * trust it: to the app's own proxy its tokens are a stranger's.
 */
import {
  createHmac,
  generateKeyPairSync,
  randomUUID,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import type { Made, TokenOrder } from './api'

/** The party that the tokens are for; the proxies ask for it. */
export const AUTHORIZED_PARTY = 'http://lab.localhost'
const LIFETIME_S = 300

export type Issuer = {
  readonly url: string
  readonly jwks: () => { readonly keys: readonly JsonWebKey[] }
  readonly token: (sub: string, claims?: Readonly<Record<string, unknown>>) => string
  readonly make: (order: TokenOrder) => Made
}

type Json = Readonly<Record<string, unknown>>

/** @param url where its keys are served */
export function createIssuer(url: string): Issuer {
  const kid = randomUUID().slice(0, 8)
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = (key: KeyObject) => ({
    ...key.export({ format: 'jwk' }),
    kid,
    use: 'sig',
    alg: 'RS256',
  })

  const claimsOf = (claims: Json = {}, clock = 0): Record<string, unknown> => {
    const now = Math.floor(Date.now() / 1000) + clock
    const usual = { iss: url, sub: 'alice', azp: AUTHORIZED_PARTY, iat: now, exp: now + LIFETIME_S }
    return withoutNulls({ ...usual, ...claims })
  }
  const usualHeader = { alg: 'RS256', typ: 'JWT', kid }

  const make = ({ header: changes = {}, claims: given, clock, tamper }: TokenOrder): Made => {
    const claims = claimsOf(given, clock)
    const header = withoutNulls({ ...usualHeader, ...changes })
    const made = (head: Record<string, unknown>, seal: (text: string) => string): Made => {
      const text = `${encode(head)}.${encode(claims)}`
      return { token: `${text}.${seal(text)}`, header: head, claims }
    }
    const bySelf = (text: string) => signed(text, privateKey)
    switch (tamper) {
      case undefined:
        return made(header, bySelf)
      case 'change the claims after signing': {
        const { token } = made(header, bySelf)
        const changed = { ...claims, sub: claims.sub === 'alice' ? 'bob' : 'alice' }
        const [head = '', , signature = ''] = token.split('.')
        return { token: `${head}.${encode(changed)}.${signature}`, header, claims: changed }
      }
      case 'change the signature':
        // The first character: the last has bits that mean nothing.
        return made(header, (text) => {
          const signature = bySelf(text)
          return `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
        })
      case 'leave the signature out':
        return made({ ...header, alg: 'none' }, () => '')
      case 'sign with the public key as a secret':
        return made({ ...header, alg: 'HS256' }, (text) =>
          createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
            .update(text)
            .digest('base64url'),
        )
      case 'sign with a key of my own':
        return made(header, (text) => signed(text, stranger.privateKey))
      case 'send a key of my own along':
        return made({ ...header, jwk: jwk(stranger.publicKey) }, (text) =>
          signed(text, stranger.privateKey),
        )
    }
  }
  return {
    url,
    jwks: () => ({ keys: [jwk(publicKey)] }),
    token: (sub, claims = {}) => make({ claims: { ...claims, sub } }).token,
    make,
  }
}

function signed(text: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(text), key).toString('base64url')
}

function encode(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function withoutNulls(value: Json): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
}
