import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { nowSeconds, startIssuer, type Claims, type Issuer } from './testing/issuer'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'

const HASURA = 'https://hasura.io/jwt/claims'

let proxy: TestProxy
let one: OneProxy
let hasura: Issuer
let strict: Issuer
let folder: string
before(async () => {
  ;[proxy, hasura, strict] = await Promise.all([startTestProxy(), startIssuer(), startIssuer()])
  folder = await mkdtemp(join(tmpdir(), 'proxy-user-id-'))
  await writeFile(join(folder, 'revoked'), 'sub:mallory\nsub:the-same-person')
  one = await proxy.another({
    env: {
      PROXY_REVOKED: join(folder, 'revoked'),
      PROXY_RATE_LIMIT: '1',
      PROXY_RATE_LIMIT_PER_ADDRESS: '1000',
      PROXY_JWT_PROVIDERS: JSON.stringify([
        { issuer: proxy.issuer.url, jwksUrl: proxy.issuer.jwksUrl, userId: 'user_id', leeway: 200 },
        { issuer: hasura.url, jwksUrl: hasura.jwksUrl, userId: [HASURA, 'x-hasura-user-id'] },
        { issuer: strict.url, jwksUrl: strict.jwksUrl, leeway: 0 },
      ]),
    },
  })
})
after(async () => {
  await Promise.all([proxy.stop(), hasura.close(), strict.close(), rm(folder, { recursive: true })])
})

const WHO = `select auth.user_id() as id, auth.session() as session, auth.session() ->> 'sub' as sub`

async function ask(issuer: Issuer, claims: Claims) {
  const token = await issuer.sign({ iss: issuer.url, exp: nowSeconds() + 60, ...claims })
  const posted = await proxy.post({ query: WHO }, { sqlUrl: one.sqlUrl, token })
  const [row] = (posted.json.rows ?? []) as Record<string, unknown>[]
  return { ...posted, row, code: posted.headers.get('proxy-error-code') }
}

test('another claim than sub can identify the user, also nested, and the claims stay as signed', async () => {
  const { row } = await ask(proxy.issuer, { sub: 'not-this', user_id: 'alice-1' })
  assert.equal(row?.id, 'alice-1')
  assert.equal(row.sub, 'not-this')
  assert.equal((await ask(proxy.issuer, { user_id: 'without-sub' })).row?.id, 'without-sub')
  const nested = { [HASURA]: { 'x-hasura-user-id': 'älice 🌱' } }
  assert.equal((await ask(hasura, { sub: 'not-this', ...nested })).row?.id, 'älice 🌱')
})

test('a token without that claim, or with a wrong type, is refused; sub is no fallback', async () => {
  for (const [user_id, message] of [
    [undefined, 'JWT token has no user id (user_id)'],
    ['', 'JWT token has no user id (user_id)'],
    [7, 'JWT token has a claim of the wrong type: user_id is not a string'],
    [null, 'JWT token has a claim of the wrong type: user_id is not a string'],
    [['alice'], 'JWT token has a claim of the wrong type: user_id is not a string'],
    ['a\0', 'JWT token has a user id (user_id) that no row can hold: it contains NUL'],
  ] as const) {
    const { code, json } = await ask(proxy.issuer, { sub: 'alice', user_id })
    assert.equal(code, 'token_claims_invalid')
    assert.equal(json.message, message)
  }
  const { json } = await ask(hasura, { sub: 'alice', [HASURA]: 'x-hasura-user-id' })
  assert.equal(json.message, `JWT token has no user id (${HASURA}.x-hasura-user-id)`)
})

test('PROXY_REVOKED accepts a user’s id from rows, and sub', async () => {
  assert.equal((await ask(proxy.issuer, { user_id: 'mallory' })).code, 'token_revoked')
  const both = { sub: 'the-same-person', user_id: 'somebody' }
  assert.equal((await ask(proxy.issuer, both)).code, 'token_revoked')
})

test('limits count by that id', async () => {
  const send = (sub: string) => ask(proxy.issuer, { sub, user_id: 'busy' })
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(send))
  assert.ok(answers.some(({ code }) => code === 'rate_limited'))
  assert.equal((await ask(proxy.issuer, { sub: 'a', user_id: 'quiet' })).status, 200)
})

test('a provider’s leeway applies in the database, too: both expire a token in the same second', async () => {
  const lenient = { user_id: 'late', exp: nowSeconds() - 100.5 }
  assert.equal((await ask(proxy.issuer, lenient)).row?.id, 'late')
  const tooLate = await ask(proxy.issuer, { user_id: 'late', exp: nowSeconds() - 201 })
  assert.equal(tooLate.code, 'token_expired')
  assert.match(String(tooLate.json.detail), /; 200 s are allowed/)
  assert.equal((await ask(strict, { sub: 'x', exp: nowSeconds() - 1 })).code, 'token_expired')
  assert.equal((await ask(strict, { sub: 'x', nbf: nowSeconds() + 5 })).code, 'token_not_yet_valid')
  assert.equal((await ask(strict, { sub: 'x', exp: nowSeconds() + 30.25 })).row?.id, 'x')
})
