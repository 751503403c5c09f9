import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { ProxyError, type ErrorCode } from '../../errors'
import { ALGORITHMS } from './algorithms'
import { KeySet } from './key-set'
import type { Provider } from './providers'
import type { Revocations } from './revocations'
import { createVerifier, type VerifyToken } from './verify'

const ISSUER = 'https://issuer.example'
const SECOND = 1_000
const MINUTE = 60 * SECOND

let privateKey: CryptoKey
let jwk: JWK
before(async () => {
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'key-1', use: 'sig', alg: 'ES256' }
})

/** Everything that decides about a token; tests change one at a time. */
let now: number
let published: readonly JWK[]
let fetches: number
let provider: Provider | undefined
let revoked: Revocations
let verify: VerifyToken
beforeEach(() => {
  now = Date.now()
  published = [jwk]
  fetches = 0
  revoked = new Set()
  const fetchKeys = () => {
    fetches++
    // New objects each time, as from a fetch.
    return Promise.resolve(published.map((key) => ({ ...key })))
  }
  provider = {
    name: 'test',
    issuer: ISSUER,
    alsoIssuedAs: [],
    keySource: { kind: 'url', url: `${ISSUER}/jwks` },
    privateNetwork: false,
    audience: [],
    audienceClaims: ['aud'],
    authorizedParties: [],
    algorithms: ALGORITHMS,
    userId: ['sub'],
    leeway: 30,
    sessionClaim: ['sid'],
    roles: new Map(),
    writtenAs: ISSUER,
    keys: new KeySet(`${ISSUER}/jwks`, fetchKeys, () => now),
  }
  verify = createVerifier(
    { find: (iss) => (iss === ISSUER ? provider : undefined) },
    { revoked: () => revoked, now: () => now },
  )
})

const sign = (claims: Record<string, unknown> = {}) =>
  new SignJWT({
    iss: ISSUER,
    sub: 'alice',
    sid: 'sess_1',
    exp: Math.floor(now / SECOND) + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'key-1' })
    .sign(privateKey)

async function refused(token: string): Promise<ErrorCode> {
  const error = await verify(token).then(
    () => assert.fail('accepted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ProxyError, String(error))
  return error.code
}

test('an unchanged token is verified once', async () => {
  const token = await sign()
  const first = await verify(token)
  now += MINUTE
  assert.equal(await verify(token), first)
  assert.equal(fetches, 1)
})

test('a token that differs from a cached one in one character is not taken for it', async () => {
  const token = await sign()
  await verify(token)
  for (const at of [token.lastIndexOf('.') + 5, token.indexOf('.') + 5]) {
    const other = token[at] === 'A' ? 'B' : 'A'
    await refused(`${token.slice(0, at)}${other}${token.slice(at + 1)}`)
  }
  assert.equal((await verify(token)).subject, 'alice')
})

test('a cached token expires', async () => {
  const token = await sign({ exp: Math.floor(now / SECOND) + 60 })
  await verify(token)
  now += 89 * SECOND
  await verify(token)
  now += 2 * SECOND
  assert.equal(await refused(token), 'token_expired')
})

test('a cached token is refused when the clock turns out to have been ahead', async () => {
  const token = await sign({ nbf: Math.floor(now / SECOND) })
  await verify(token)
  now -= MINUTE
  assert.equal(await refused(token), 'token_not_yet_valid')
})

test('a cached token is refused once its provider is removed', async () => {
  const token = await sign()
  await verify(token)
  provider = undefined
  assert.equal(await refused(token), 'token_issuer_unknown')
})

test('a cached token is subject to its provider’s new rules', async () => {
  const token = await sign()
  await verify(token)
  assert.ok(provider)
  provider = { ...provider, authorizedParties: ['https://app.example'] }
  assert.equal(await refused(token), 'token_party_refused')
})

test('a cached token is refused once it, its session or its user is revoked', async () => {
  for (const entry of ['sid:sess_1', 'sub:alice', 'jti:one']) {
    revoked = new Set()
    const token = await sign({ jti: 'one' })
    await verify(token)
    revoked = new Set([entry])
    assert.equal(await refused(token), 'token_revoked')
  }
})

test('a cached token is refused once its key is withdrawn and the keys were refreshed', async () => {
  const token = await sign()
  await verify(token)
  const { publicKey } = await generateKeyPair('ES256')
  published = [{ ...(await exportJWK(publicKey)), kid: 'key-2', use: 'sig', alg: 'ES256' }]
  // Old enough for a refresh, which the next use of a key triggers.
  now += 5 * MINUTE + SECOND
  await provider?.keys.find('key-2')
  assert.equal(fetches, 2)
  assert.equal(await refused(token), 'token_key_unknown')
})

test('keys that are unchanged after a refresh cost one more verification', async () => {
  const token = await sign({ exp: Math.floor(now / SECOND) + 3_600 })
  const first = await verify(token)
  now += 5 * MINUTE + SECOND
  const second = await verify(token)
  assert.notEqual(second, first)
  await provider?.keys.ready()
  const third = await verify(token)
  assert.equal(await verify(token), third)
})
