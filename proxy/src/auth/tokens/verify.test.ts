import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  base64url,
  CompactSign,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type JWK,
} from 'jose'
import { ProxyError } from '../../errors'
import { APP_ORIGIN, nowSeconds, startIssuer, type Issuer } from '../../../test/testing/issuer'
import { ALGORITHMS } from './algorithms'
import { KeySet } from './key-set'
import type { Provider } from './providers'
import { createVerifier } from './verify'

let issuer: Issuer
let provider: Provider
before(async () => {
  issuer = await startIssuer()
  provider = {
    name: 'test',
    issuer: issuer.url,
    alsoIssuedAs: [],
    keySource: { kind: 'url', url: issuer.jwksUrl },
    privateNetwork: false,
    audience: [],
    audienceClaims: ['aud'],
    authorizedParties: [],
    algorithms: ALGORITHMS,
    userId: ['sub'],
    leeway: 30,
    sessionClaim: ['sid'],
    roles: new Map(),
    writtenAs: issuer.url,
    keys: new KeySet(issuer.jwksUrl),
  }
})
after(() => issuer.close())

const verify = (token: string, change: Partial<Provider> = {}) =>
  verifierOf({ ...provider, ...change })(token)

function verifierOf(one: Provider) {
  return createVerifier({ find: (iss) => (iss === one.issuer ? one : undefined) })
}

async function refusal(token: string, change: Partial<Provider> = {}): Promise<ProxyError> {
  const error = await verify(token, change).then(
    () => assert.fail('accepted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ProxyError, String(error))
  assert.equal(error.status, 400)
  const shown = `${error.message} ${JSON.stringify(error.fields)}`
  assert.ok(token.length < 20 || !shown.includes(token.split('.')[1] ?? token), 'token is repeated')
  return error
}

const refuses = async (token: string, message: string | RegExp, change: Partial<Provider> = {}) => {
  const error = await refusal(token, change)
  if (typeof message === 'string') assert.equal(error.message, message)
  else assert.match(error.message, message)
}

const MALFORMED = /^Provided authentication token is not a valid JWT encoding: /

test('a valid token yields its user, and its payload exactly as signed', async () => {
  const token = await issuer.token('alice', { extra: { nested: 'ä' } })
  const verified = await verify(token)
  assert.equal(verified.subject, 'alice')
  assert.equal(verified.issuer, issuer.url)
  assert.equal(Buffer.from(verified.payloadJson).toString('base64url'), token.split('.')[1])
})

test('a token without exp, or expired by more than the leeway, is refused', async () => {
  await refuses(await issuer.token('alice', { exp: undefined }), /no expiry/)
  const exp = nowSeconds() - 31
  await refuses(await issuer.token('alice', { exp }), `JWT token has expired (exp=${exp})`)
  await verify(await issuer.token('alice', { exp: nowSeconds() - 25 }))
})

test('a token that becomes valid later than the leeway allows is refused', async () => {
  const nbf = nowSeconds() + 60
  await refuses(
    await issuer.token('alice', { nbf }),
    `JWT token is not yet ready to use (nbf=${nbf})`,
  )
  await verify(await issuer.token('alice', { nbf: nowSeconds() + 20 }))
})

test('a token without a subject is refused', async () => {
  await refuses(await issuer.token('', {}), /no subject/)
  await refuses(await issuer.token('alice', { sub: undefined }), /no subject/)
})

test('a subject that Postgres cannot store unchanged is refused, before it could match another user', async () => {
  for (const sub of ['alice\u0000', '\ud800alice', 'alice\udc00', 'a'.repeat(10_000)]) {
    await refuses(await issuer.token(sub, {}), /subject \(sub\) that no row can hold/)
  }
  for (const sub of ['🌱'.repeat(255), 'a'.repeat(9_999), '\ufffd', '\n']) {
    assert.equal((await verify(await issuer.token(sub, {}))).subject, sub)
  }
})

test('times may have a fraction, and any JSON notation of numbers', async () => {
  const now = nowSeconds()
  for (const times of [
    { exp: now + 60.5, nbf: now - 1.25, iat: now - 1.25 },
    { exp: now - 28.5 },
    { exp: 1e300, nbf: -1e300, iat: -0.5 },
    { exp: 1e10 },
  ]) {
    await verify(await issuer.token('alice', times))
  }
  await refuses(await issuer.token('alice', { exp: -0.5 }), 'JWT token has expired (exp=-0.5)')
  await refuses(await issuer.token('alice', { exp: now - 31.5 }), /expired/)
  await refuses(await issuer.token('alice', { nbf: now + 60.5 }), /not yet ready/)
})

test('a token ends with the second in which it expires, and starts with nbf, whatever the leeway', async () => {
  for (const leeway of [0, 30, 300]) {
    const token = await issuer.token('alice', { exp: 2_000.9, nbf: 1_000.25 })
    const lenient = { ...provider, leeway }
    const at = (seconds: number) =>
      createVerifier({ find: () => lenient }, { now: () => seconds * 1000 })(token)
    await at(1_000.25 - leeway)
    assert.equal((await at(1_999.999 + leeway)).expiresAt, 2_000 + leeway)
    await assert.rejects(at(1_000.2 - leeway), /not yet ready/)
    await assert.rejects(at(2_000 + leeway), /expired/)
  }
})

test('a token of another issuer is refused, even if our key signed it', async () => {
  await refuses(await issuer.token('alice', { iss: `${issuer.url}/` }), /issuer is not accepted/)
  await refuses(await issuer.token('alice', { iss: undefined }), /issuer is not accepted/)
})

test('when an audience is configured, a token must name it', async () => {
  const audience = ['neon']
  const cases: [unknown, boolean][] = [
    [undefined, false],
    [[], false],
    ['foo', false],
    [['foo'], false],
    ['neon', true],
    [['foo', 'neon'], true],
  ]
  for (const [aud, isAccepted] of cases) {
    const token = await issuer.token('alice', { aud })
    if (isAccepted) await verify(token, { audience })
    else await refuses(token, /^invalid JWT token audience: /, { audience })
  }
})

test('when authorized parties are configured, azp must be present and listed', async () => {
  const authorizedParties = [APP_ORIGIN]
  await verify(await issuer.token('alice'), { authorizedParties })
  const other = await issuer.token('alice', { azp: 'https://evil.example' })
  await refuses(other, /another application/, { authorizedParties })
  const none = await issuer.token('alice', { azp: undefined })
  await refuses(none, /to which application/, { authorizedParties })
})

test('anything that is not a token is refused', async () => {
  const [header = '', payload = '', signature = ''] = (await issuer.token('alice')).split('.')
  const bad = [
    '',
    'a',
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature}.`,
    `${header}.${payload}.${signature}=`,
    `${header}.${payload}.!`,
    `${base64url.encode('{}')}.${payload}.${signature}`,
    `${header}.${base64url.encode('[]')}.${signature}`,
  ]
  for (const token of bad) await refuses(token, MALFORMED)
  await refuses('x'.repeat(100_000), /^JWT token is too large/)
})

test('the signature is checked before the claims', async () => {
  const [header = '', , signature = ''] = (await issuer.token('alice')).split('.')
  const forged = base64url.encode(JSON.stringify({ iss: issuer.url, sub: 'bob', exp: 1 }))
  await refuses(`${header}.${forged}.${signature}`, 'signature error: signature error')
})

test('another’s key under our key id is refused', async () => {
  const { privateKey } = await generateKeyPair('RS256')
  const token = await new SignJWT({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
    .sign(privateKey)
  await refuses(token, 'signature error: signature error')
})

test('HMAC with the public key as its secret is refused', async () => {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true })
  const token = await new SignJWT({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
    .sign(Buffer.from(await exportSPKI(publicKey)))
  await refuses(token, 'signature algorithm not supported')
})

test('alg none is refused, with and without a signature', async () => {
  const payload = base64url.encode(
    JSON.stringify({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 }),
  )
  for (const alg of ['none', 'None', 'NONE']) {
    const header = base64url.encode(JSON.stringify({ alg, kid: 'key-1' }))
    await refuses(`${header}.${payload}.`, MALFORMED)
    await refuses(`${header}.${payload}.AAAA`, 'signature algorithm not supported')
  }
})

test('an algorithm that is not configured for the provider is refused', async () => {
  await refuses(await issuer.token('alice'), 'signature algorithm not supported', {
    algorithms: ['ES256'],
  })
})

test('a critical header is refused, understood or not', async () => {
  for (const crit of [['b64'], ['exp'], []]) {
    const header = base64url.encode(
      JSON.stringify({ alg: 'RS256', kid: 'key-1', crit, b64: false }),
    )
    const [, payload = '', signature = ''] = (await issuer.token('alice')).split('.')
    await refuses(`${header}.${payload}.${signature}`, MALFORMED)
  }
})

test('keys that the token contains, or points to, are never used', async () => {
  const evil = await startIssuer()
  try {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
    const token = await new SignJWT({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 })
      .setProtectedHeader({
        alg: 'RS256',
        kid: 'key-1',
        jwk: await exportJWK(publicKey),
        jku: evil.jwksUrl,
        x5u: evil.url,
      })
      .sign(privateKey)
    await refuses(token, 'signature error: signature error')
    assert.equal(evil.fetches(), 0)
  } finally {
    await evil.close()
  }
})

test('a token without a key id is refused', async () => {
  const token = await issuer.token('alice')
  const [, payload = '', signature = ''] = token.split('.')
  const header = base64url.encode(JSON.stringify({ alg: 'RS256' }))
  await refuses(`${header}.${payload}.${signature}`, 'missing key id')
})

test('the error for an unknown key id names the issuer and the address of its keys', async () => {
  const error = await refusal(
    await issuer.sign({ iss: issuer.url, sub: 'alice' }, { kid: 'other' }),
  )
  assert.equal(error.message, 'jwk not found')
  assert.equal(error.code, 'token_key_unknown')
  assert.ok(error.fields.hint?.includes(issuer.jwksUrl))
})

test('every listed algorithm verifies with its own kind of key, and with no other', async () => {
  const keys: JWK[] = []
  const tokens = new Map<string, string>()
  for (const alg of ALGORITHMS) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    keys.push({ ...(await exportJWK(publicKey)), kid: alg })
    tokens.set(
      alg,
      await new SignJWT({ iss: issuer.url, sub: alg, exp: nowSeconds() + 60 })
        .setProtectedHeader({ alg, kid: alg })
        .sign(privateKey),
    )
  }
  const change = { keys: new KeySet('test', () => Promise.resolve(keys)) }
  for (const [alg, token] of tokens) {
    assert.equal((await verify(token, change)).subject, alg)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const kid = alg.startsWith('ES') ? 'RS256' : 'ES256'
    const swapped = base64url.encode(
      JSON.stringify({
        ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as object),
        kid,
      }),
    )
    await refuses(`${swapped}.${payload}.${signature}`, 'signature algorithm not supported', change)
  }
})

test('a key meant for encryption is not used', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const token = await new SignJWT({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(privateKey)
  const keysOf = (...keys: JWK[]) => ({ keys: new KeySet('test', () => Promise.resolve(keys)) })
  const encryption: JWK = { ...jwk, kid: 'k', use: 'enc', alg: 'RSA-OAEP' }
  await refuses(token, 'signature algorithm not supported', keysOf(encryption))
  await verify(token, keysOf(encryption, { ...jwk, kid: 'k', use: 'sig' }))
})

/** A separate key that shares its id with others. */
async function keyPair(kid: string | undefined, alg = 'RS256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }) }
  const sign = (header: Record<string, unknown> = kid === undefined ? {} : { kid }) =>
    new SignJWT({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 })
      .setProtectedHeader({ alg, ...header })
      .sign(privateKey)
  return { jwk, sign }
}
const keySet = (...keys: JWK[]) => ({ keys: new KeySet('test', () => Promise.resolve(keys)) })

test('all fitting keys with the same id are tried', async () => {
  const pairs = await Promise.all([keyPair('k'), keyPair('k', 'ES256'), keyPair('k'), keyPair('k')])
  const keys = keySet(...pairs.map(({ jwk }) => jwk))
  for (const { sign } of pairs) assert.equal((await verify(await sign(), keys)).subject, 'alice')
  const stranger = await keyPair('k')
  await refuses(await stranger.sign(), 'signature error: signature error', keys)
  // An unusable key does not block the others.
  const broken: JWK = { kty: 'RSA', kid: 'k', n: 'AQAB', e: 'AQAB' }
  const [first] = pairs
  assert.ok(first)
  await verify(await first.sign(), keySet(broken, first.jwk))
  await refuses(await stranger.sign(), 'invalid RSA key', keySet(broken))
})

test('a token without key id is tried with each fitting key, and never with another kind', async () => {
  const pairs = await Promise.all([keyPair('a'), keyPair('b', 'ES256'), keyPair(undefined)])
  const keys = keySet(...pairs.map(({ jwk }) => jwk))
  for (const { sign } of pairs) assert.equal((await verify(await sign({}), keys)).subject, 'alice')
  await refuses(await (await keyPair('a')).sign({}), 'missing key id', keys)
  // A wrong key id is not treated like a missing one.
  const [first] = pairs
  assert.ok(first)
  await refuses(await first.sign({ kid: 'b' }), 'signature algorithm not supported', keys)
})

test('a signature that is malformed, empty, or by a related algorithm is refused', async () => {
  const [es, rs] = await Promise.all([keyPair('es', 'ES256'), keyPair('rs')])
  const keys = keySet(es.jwk, rs.jwk)
  const esToken = await es.sign()
  const [header = '', payload = '', signature = ''] = esToken.split('.')
  await verify(esToken, keys)
  const raw = Buffer.from(signature, 'base64url')
  // An INTEGER of ASN.1 has a sign, so a zero goes in front of what would be negative.
  const integer = (bytes: Buffer) => {
    const unsigned = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes
    return Buffer.concat([Buffer.of(2, unsigned.length), unsigned])
  }
  const pair = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  const forms = {
    // CVE-2022-21449: r = s = 0 verified everything.
    zeros: Buffer.alloc(64),
    der: Buffer.concat([Buffer.of(0x30, pair.length), pair]),
    longer: Buffer.concat([raw, Buffer.of(0)]),
    shorter: raw.subarray(0, 63),
    swapped: Buffer.concat([raw.subarray(32), raw.subarray(0, 32)]),
  }
  for (const [form, bytes] of Object.entries(forms)) {
    const token = `${header}.${payload}.${bytes.toString('base64url')}`
    assert.match((await refusal(token, keys)).message, /^signature error/, form)
  }
  const [, rsPayload = '', rsSignature = ''] = (await rs.sign()).split('.')
  for (const alg of ['RS384', 'RS512', 'PS256', 'PS512']) {
    const other = base64url.encode(JSON.stringify({ alg, kid: 'rs' }))
    await refuses(`${other}.${rsPayload}.${rsSignature}`, /^signature error/, keys)
  }
})

test('a number that overflows is not a time', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = keySet({ ...(await exportJWK(publicKey)), kid: 'k' })
  const signed = (exp: string) =>
    new CompactSign(Buffer.from(`{"iss":"${issuer.url}","sub":"alice","exp":${exp}}`))
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign(privateKey)
  // JSON.parse turns it into Infinity.
  await refuses(await signed('1e999'), /exp is not a number of seconds since 1970$/, keys)
  await verify(await signed('1E+10'), keys)
})

test('a token costs at most eight signature checks', async () => {
  const { jwk, sign } = await keyPair('k')
  const others = await Promise.all(Array.from({ length: 8 }, () => keyPair('k', 'ES256')))
  const es = await keyPair('k', 'ES256')
  const filled = others.map((other) => other.jwk)
  await refuses(await es.sign(), 'signature error: signature error', keySet(...filled, es.jwk))
  await verify(await es.sign(), keySet(...filled.slice(1), es.jwk))
  // Keys that do not fit are not counted.
  await verify(await sign(), keySet(...filled, jwk))
})

test('an RSA key under 2048 bits is refused', async () => {
  const { generateKeyPairSync, createSign } = await import('node:crypto')
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const signed = [
    { alg: 'RS256', kid: 'k' },
    { iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60 },
  ]
    .map((part) => base64url.encode(JSON.stringify(part)))
    .join('.')
  const signature = createSign('sha256').update(signed).sign(privateKey).toString('base64url')
  const keys = new KeySet('test', async () => [{ ...(await exportJWK(publicKey)), kid: 'k' }])
  await refuses(`${signed}.${signature}`, 'invalid RSA key', { keys })
})
