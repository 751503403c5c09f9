import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base64url, exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from 'jose'
import { ProxyError } from '../errors'
import { APP_ORIGIN, nowSeconds, startIssuer, type Claims, type Issuer } from '../testing/issuer'
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
    sessionClaim: 'sid',
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

const MALFORMED = 'Provided authentication token is not a valid JWT encoding'

test('a valid token tells who its user is, and its payload comes out as it was signed', async () => {
  const token = await issuer.token('alice', { extra: { nested: 'ä' } })
  const verified = await verify(token)
  assert.equal(verified.subject, 'alice')
  assert.equal(verified.issuer, issuer.url)
  assert.equal(Buffer.from(verified.payloadJson).toString('base64url'), token.split('.')[1])
})

test('a token without exp, or one that has expired beyond the leeway, is refused', async () => {
  await refuses(await issuer.token('alice', { exp: undefined }), /no expiry/)
  const exp = nowSeconds() - 31
  await refuses(await issuer.token('alice', { exp }), `JWT token has expired (exp=${exp})`)
  await verify(await issuer.token('alice', { exp: nowSeconds() - 25 }))
})

test('a token that is not valid yet is refused beyond the leeway', async () => {
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

test('a subject that Postgres cannot hold as it is is refused, before it could be another’s', async () => {
  for (const sub of ['alice\u0000', '\ud800alice', 'alice\udc00', 'a'.repeat(10_000)]) {
    await refuses(await issuer.token(sub, {}), /subject \(sub\) that no row can hold/)
  }
  for (const sub of ['🌱'.repeat(255), 'a'.repeat(9_999), '\ufffd', '\n']) {
    assert.equal((await verify(await issuer.token(sub, {}))).subject, sub)
  }
})

test('claims of the wrong type are refused', async () => {
  const wrong: Claims[] = [
    { sub: 7 },
    { exp: '9999999999' },
    { exp: 1e10 + 0.5 },
    { aud: null },
    { nbf: 'x' },
  ]
  for (const claims of wrong) {
    const error = await refusal(
      await issuer.sign({ iss: issuer.url, sub: 'alice', exp: nowSeconds() + 60, ...claims }),
    )
    assert.equal(error.message, MALFORMED, JSON.stringify(claims))
  }
})

test('a token of another issuer is refused, also when our key signed it', async () => {
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
    else await refuses(token, 'invalid JWT token audience', { audience })
  }
})

test('when authorized parties are configured, azp must be present and listed', async () => {
  const authorizedParties = [APP_ORIGIN]
  await verify(await issuer.token('alice'), { authorizedParties })
  const other = await issuer.token('alice', { azp: 'https://evil.example' })
  await refuses(other, /another application/, { authorizedParties })
  const none = await issuer.token('alice', { azp: undefined })
  await refuses(none, /another application/, { authorizedParties })
})

test('what is no token at all is refused', async () => {
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
    'x'.repeat(100_000),
  ]
  for (const token of bad) await refuses(token, MALFORMED)
})

test('the signature is checked before the claims', async () => {
  const [header = '', , signature = ''] = (await issuer.token('alice')).split('.')
  const forged = base64url.encode(JSON.stringify({ iss: issuer.url, sub: 'bob', exp: 1 }))
  await refuses(`${header}.${forged}.${signature}`, 'signature error: signature error')
})

test('a key of somebody else under our key id is refused', async () => {
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

test('an algorithm that the provider is not configured for is refused', async () => {
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

test('keys that the token brings along, or points to, are never used', async () => {
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

test('an unknown key id names the issuer and where its keys were looked for', async () => {
  const error = await refusal(
    await issuer.sign({ iss: issuer.url, sub: 'alice' }, { kid: 'other' }),
  )
  assert.equal(error.message, 'jwk not found')
  assert.equal(error.code, 'token_key_unknown')
  assert.ok(error.fields.hint?.includes(issuer.jwksUrl))
})

test('every listed algorithm verifies with the key made for it, and with no other', async () => {
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
