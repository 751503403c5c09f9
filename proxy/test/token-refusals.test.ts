import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ERROR_CODES, type ErrorCode } from '../src/errors'
import { nowSeconds, startIssuer, type Claims, type Issuer } from './testing/issuer'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './testing/proxy'

let proxy: TestProxy
let one: OneProxy
let outOfReach: Issuer
let folder: string
before(async () => {
  ;[proxy, outOfReach] = await Promise.all([startTestProxy(), startIssuer()])
  outOfReach.setOutage(true)
  folder = await mkdtemp(join(tmpdir(), 'proxy-refusals-'))
  await writeFile(join(folder, 'revoked'), 'sub:mallory')
  const { url: issuer, jwksUrl } = proxy.issuer
  one = await proxy.another({
    env: {
      PROXY_REVOKED: join(folder, 'revoked'),
      PROXY_JWT_PROVIDERS: JSON.stringify([
        {
          name: 'test',
          issuer,
          jwksUrl,
          audience: 'memos',
          authorizedParties: ['us'],
          algorithms: ['RS256'],
          roles: { no_such_role: { claim: 'role', equals: 'x' } },
        },
        { name: 'out', issuer: outOfReach.url, jwksUrl: outOfReach.jwksUrl },
      ]),
    },
  })
})
after(async () => {
  await Promise.all([proxy.stop(), outOfReach.close(), rm(folder, { recursive: true })])
})

const token = (change: Claims = {}, header: Record<string, unknown> = {}) =>
  proxy.issuer.sign(
    {
      iss: proxy.issuer.url,
      sub: 'alice',
      exp: nowSeconds() + 60,
      aud: 'memos',
      azp: 'us',
      ...change,
    },
    header,
  )

async function tampered(): Promise<string> {
  const [header = '', , signature = ''] = (await token()).split('.')
  return `${header}.${Buffer.from(JSON.stringify({ iss: proxy.issuer.url })).toString('base64url')}.${signature}`
}

/** Every refusal of the token path, each with a request that causes it. */
const REFUSALS: Partial<Record<ErrorCode, () => Promise<{ token: string | null; role?: string }>>> =
  {
    credentials_missing: () => Promise.resolve({ token: null }),
    token_malformed: () => Promise.resolve({ token: 'no.token' }),
    token_too_large: () => Promise.resolve({ token: 'x'.repeat(40_000) }),
    token_algorithm_refused: async () => {
      const [, payload = '', signature = ''] = (await token()).split('.')
      const header = Buffer.from('{"alg":"HS256","kid":"key-1"}').toString('base64url')
      return { token: `${header}.${payload}.${signature}` }
    },
    token_issuer_unknown: async () => ({ token: await token({ iss: 'https://evil.example' }) }),
    token_key_unknown: async () => ({ token: await token({}, { kid: 'other' }) }),
    token_signature_invalid: async () => ({ token: await tampered() }),
    token_claims_invalid: async () => ({ token: await token({ exp: undefined }) }),
    token_expired: async () => ({ token: await token({ exp: nowSeconds() - 60 }) }),
    token_not_yet_valid: async () => ({ token: await token({ nbf: nowSeconds() + 60 }) }),
    token_audience_refused: async () => ({ token: await token({ aud: 'others' }) }),
    token_party_refused: async () => ({ token: await token({ azp: 'others' }) }),
    token_revoked: async () => ({ token: await token({ sub: 'mallory' }) }),
    keys_unavailable: async () => ({ token: await outOfReach.token('alice') }),
    role_refused: async () => ({ token: await token(), role: 'postgres' }),
    role_unavailable: async () => ({ token: await token({ role: 'x' }), role: 'no_such_role' }),
  }

async function refused(code: ErrorCode): Promise<{ posted: Posted; token: string }> {
  const request = await REFUSALS[code]?.()
  assert.ok(request)
  const { token, role = 'authenticated' } = request
  const posted = await proxy.post(
    { query: 'select 1' },
    {
      sqlUrl: one.sqlUrl,
      token,
      headers: {
        'neon-connection-string': proxy.connectionString.replace('authenticated@', `${role}@`),
      },
    },
  )
  return { posted, token: token ?? '' }
}

test('the unmodified token is accepted', async () => {
  const { status } = await proxy.post(
    { query: 'select 1' },
    { sqlUrl: one.sqlUrl, token: await token() },
  )
  assert.equal(status, 200)
})

for (const code of Object.keys(REFUSALS) as ErrorCode[]) {
  test(`${code}: a 400 with that code, a hint, and nothing of the token`, async () => {
    const { posted, token } = await refused(code)
    assert.equal(posted.status, 400)
    assert.equal(posted.headers.get('proxy-error-code'), code)
    assert.equal(Object.keys(posted.json).length, 17)
    assert.equal(posted.json.code, '')
    assert.ok(posted.json.message)
    assert.match(String(posted.json.hint), /^[A-Z“"].*\.$/)
    for (const part of token.split('.').filter((part) => part.length > 10)) {
      assert.ok(!posted.text.includes(part), posted.text)
    }
  })
}

test('every code of the token path is covered', () => {
  const ofTokens = ERROR_CODES.filter((code) => /^(token|keys|role|credentials)_/.test(code))
  assert.deepEqual([...ofTokens].sort(), Object.keys(REFUSALS).sort())
})

test('an unknown key names the issuer and the address of its keys', async () => {
  const { posted } = await refused('token_key_unknown')
  const hint = String(posted.json.hint)
  assert.ok(hint.includes(proxy.issuer.url) && hint.includes(proxy.issuer.jwksUrl), hint)
})

test('nothing of a token, its user or its claims is logged', () => {
  assert.ok(one.log.length > 0)
  for (const entry of one.log) assert.ok(!/alice|mallory|eyJ/.test(JSON.stringify(entry)))
})
