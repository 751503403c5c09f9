import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'
import { expect, test } from './fixtures'
import { ownToken, runSql } from './sql-console'
import { stack } from './stack'
import { TodoScreen } from './todo-screen'

const LIST = 'select * from todos'

test.beforeEach(({ alice }) => alice.page.goto('/server'))

test('SQL without a token is refused', async ({ alice }) => {
  const answer = await runSql(alice.page, LIST, { token: null })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('required authorization bearer token in JWT format')
})

test('SQL with an invalid token is refused, and the token not echoed', async ({ alice }) => {
  const answer = await runSql(alice.page, LIST, { token: 'not-a-token' })
  expect(answer.status).toBe(400)
  expect(answer.code).toBe('token_malformed')
  expect(answer.text).not.toContain('not-a-token')
})

test('a token with Alice’s claims, signed by another key, is refused', async ({ alice }) => {
  const genuine = await ownToken(alice.page)
  const { privateKey } = await generateKeyPair('RS256')
  const forged = await new SignJWT(decodeJwt(genuine))
    .setProtectedHeader({ ...decodeProtectedHeader(genuine), alg: 'RS256' })
    .sign(privateKey)
  const answer = await runSql(alice.page, LIST, { token: forged })
  expect(answer.status).toBe(400)
  expect(answer.code).toBe('token_signature_invalid')
})

const waits = { tag: '@waits' }

test(
  'an open page continues to work when its token expires, and the old token is refused',
  waits,
  async ({ alice }) => {
    test.setTimeout(180_000)
    const screen = await TodoScreen.open(alice.page, '/browser')
    await screen.add('Before')
    const old = await ownToken(alice.page)
    const expiry = (decodeJwt(old).exp ?? 0) * 1000
    const leeway = 30_000
    await expect
      .poll(() => Date.now(), { timeout: 120_000, intervals: [1_000] })
      .toBeGreaterThan(expiry + leeway)

    const sent = alice.page.waitForRequest(stack().NEXT_PUBLIC_SQL_URL)
    await screen.add('After')
    expect((await sent).headers().authorization).not.toBe(`Bearer ${old}`)
    await screen.expectTasks(['Before', 'After'])

    const onServer = await TodoScreen.open(alice.page, '/server')
    await onServer.add('And on the server')
    await onServer.expectTasks(['Before', 'After', 'And on the server'])

    const answer = await runSql(alice.page, LIST, { token: old })
    expect(answer.status).toBe(400)
    expect(answer.code).toBe('token_expired')
    expect(answer.text).toContain('JWT token has expired')
  },
)

test('a page of another origin may not read answers', async ({ alice }) => {
  const { NEXT_PUBLIC_SQL_URL: url } = stack()
  const origin = 'https://evil.example'
  const answer = await alice.page.request.fetch(url, { method: 'OPTIONS', headers: { origin } })
  expect(answer.headers()['access-control-allow-origin']).toBeUndefined()
})
