/** A token issuer for tests, with a JWKS URL, that can misbehave on request. */
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { createDeviceFlow } from './device-flow'

export type Issuer = {
  readonly url: string
  readonly jwksUrl: string
  /** The number of requests for the keys. */
  readonly fetches: () => number
  /** Signs claims unchanged; `valid()` is a good base to vary. */
  readonly sign: (claims: Claims, header?: Record<string, unknown>) => Promise<string>
  readonly token: (sub: string, claims?: Claims) => Promise<string>
  /** A user signs in, and enters the code that a device shows. */
  readonly approve: (userCode: string, sub: string) => void
  /** Publishes a new key with another id, and signs with it from now on. */
  readonly rotate: () => Promise<void>
  /** Answers with status 500 instead of keys. */
  readonly setOutage: (isOut: boolean) => void
  readonly close: () => Promise<void>
}

export type Claims = Record<string, unknown>

export const APP_ORIGIN = 'http://localhost:3000'
export const nowSeconds = () => Math.floor(Date.now() / 1000)

/** @param alg the signature algorithm */
export async function startIssuer(alg: 'RS256' | 'ES256' = 'RS256'): Promise<Issuer> {
  const keys: { kid: string; jwk: JWK; privateKey: CryptoKey }[] = []
  let fetches = 0
  let isOut = false

  const addKey = async () => {
    const kid = `key-${keys.length + 1}`
    const { publicKey, privateKey } = await generateKeyPair(alg)
    keys.push({ kid, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg }, privateKey })
  }
  await addKey()

  const server = createServer((request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      response.end(
        JSON.stringify({
          issuer: url,
          jwks_uri: `${url}/.well-known/jwks.json`,
          device_authorization_endpoint: `${url}/device`,
          token_endpoint: `${url}/token`,
        }),
      )
      return
    }
    if (devices.answer(request, response)) return
    fetches++
    if (isOut) response.writeHead(500).end()
    else response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

  const devices = createDeviceFlow(url, (user) => token(user))

  const sign = async (claims: Claims, header: Record<string, unknown> = {}) => {
    const key = keys.at(-1)
    if (key === undefined) throw new Error('the issuer has no key')
    return new SignJWT(claims)
      .setProtectedHeader({ alg, kid: key.kid, ...header })
      .sign(key.privateKey)
  }
  const token: Issuer['token'] = (sub, claims = {}) =>
    sign({ iss: url, sub, exp: nowSeconds() + 60, azp: APP_ORIGIN, ...claims })
  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    fetches: () => fetches,
    sign,
    token,
    approve: devices.approve,
    rotate: addKey,
    setOutage: (value) => {
      isOut = value
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
