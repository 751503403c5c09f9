/**
 * SASL OAUTHBEARER (RFC 7628) as libpq 18 speaks it: the client signs in through the issuer's device flow, and
 * sends the token, which no one pastes. The server's first message decides between this and a password,
 * and libpq does not say what it can, so a client asks with `options='-c auth.method=oauth'`.
 */
import { ProxyError } from '../errors'
import type { Setting } from '../request/startup-options'
import { BodyReader, malformed } from './from-client'

export const MECHANISM = 'OAUTHBEARER'
/** The client's last message after a failure. */
const ACKNOWLEDGED = '\x01'

const METHOD = 'auth.method'

/**
 * Takes the client's wish out of the settings.
 * @throws ProxyError connection_option_refused
 */
export function readMethod(settings: readonly Setting[]): {
  readonly method: 'password' | 'oauth'
  readonly rest: readonly Setting[]
} {
  const method = settings.find(([name]) => name === METHOD)?.[1] ?? 'password'
  if (method !== 'password' && method !== 'oauth') {
    throw new ProxyError('connection_option_refused', `${METHOD} is neither "password" nor "oauth"`)
  }
  return { method, rest: settings.filter(([name]) => name !== METHOD) }
}

/**
 * @param body of a SASLInitialResponse
 * @returns the token; undefined when the client asks where to get one
 */
export function readInitialResponse(body: Buffer): string | undefined {
  const reader = new BodyReader(body, 'SASLInitialResponse')
  const mechanism = reader.text()
  const data = reader.value()
  reader.end()
  if (mechanism !== MECHANISM)
    throw malformed('client selected an invalid SASL authentication mechanism')
  // gs2-header kvsep *kvpair kvsep: no channel binding, no other identity than the token's.
  const [, pairs] =
    /^[ny],,\x01((?:[a-z]+=[^\x01]*\x01)*)\x01$/i.exec(data?.toString('latin1') ?? '') ?? []
  if (pairs === undefined) throw malformed('malformed OAUTHBEARER message')
  const auth = pairs.split('\x01').filter((pair) => /^auth=/i.test(pair))
  const [only] = auth
  if (only === undefined || auth.length > 1)
    throw malformed('malformed OAUTHBEARER message: no auth value')
  const value = only.slice('auth='.length)
  if (value === '') return undefined
  const [, token] = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(value) ?? []
  if (token === undefined)
    throw malformed('malformed OAUTHBEARER message: the scheme is not Bearer')
  return token
}

/** @param issuer whose discovery document leads to its device flow (OpenID Connect Discovery, section 4) */
export function refusal(issuer: string): string {
  return JSON.stringify({
    status: 'invalid_token',
    'openid-configuration': `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    scope: 'openid',
  })
}

/** @param body of the SASLResponse to a refusal */
export function requireAcknowledgement(body: Buffer): void {
  if (body.toString('latin1') !== ACKNOWLEDGED) throw malformed('malformed OAUTHBEARER message')
}
