import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { alice, newBrowser, refusal, send, signIn } from './testing/browser'
import { startTestClerk, type TestClerk } from './testing/test-clerk'

const PAGE = 'http://localhost:3000/server?filter=active'

/** Where the handshake sends the page, and the cookies that it gives it. */
async function shakeHands(clerk: TestClerk, devBrowser = '') {
  const query = new URLSearchParams({ redirect_url: PAGE, __clerk_db_jwt: devBrowser })
  const response = await fetch(`${clerk.url}/v1/client/handshake?${query.toString()}`, {
    redirect: 'manual',
  })
  assert.equal(response.status, 307)
  const location = new URL(response.headers.get('location') ?? '')
  const { handshake } = decodeJwt<{ handshake: string[] }>(
    location.searchParams.get('__clerk_handshake') ?? '',
  )
  const cookies = handshake.map((directive) => directive.split(';')[0]?.split('=') ?? [])
  return { location, cookies: new Map(cookies as [string, string][]) }
}

test('a new browser comes back to its page known, and signed out', async (t) => {
  const { location, cookies } = await shakeHands(await startTestClerk(t))
  location.searchParams.delete('__clerk_handshake')
  assert.equal(location.href, PAGE)
  assert.match(cookies.get('__clerk_db_jwt') ?? '', /^dvb_/)
  assert.equal(cookies.get('__client_uat'), '0')
  assert.equal(cookies.get('__session'), '')
})

test('a signed-in browser comes back with a fresh token for its page', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  await signIn(browser, alice)
  clerk.passSeconds(3600)
  const { cookies } = await shakeHands(clerk, browser.devBrowser)
  const { sub, azp, iat = 0 } = decodeJwt(cookies.get('__session') ?? '')
  assert.equal(sub, alice.id)
  assert.equal(azp, 'http://localhost:3000')
  assert.equal(cookies.get('__client_uat'), String(iat - 3600))
})

test('every cookie is set a second time under the name of the application', async (t) => {
  const { cookies } = await shakeHands(await startTestClerk(t))
  assert.deepEqual([...cookies.keys()].sort(), [
    '__clerk_db_jwt',
    '__clerk_db_jwt_4873CXQu',
    '__client_uat',
    '__client_uat_4873CXQu',
    '__session',
    '__session_4873CXQu',
  ])
})

test('a browser whose state was lost gets a new name, not an error', async (t) => {
  const { cookies } = await shakeHands(await startTestClerk(t), 'dvb_from_before')
  assert.notEqual(cookies.get('__clerk_db_jwt'), 'dvb_from_before')
})

for (const target of [
  'https://evil.example/',
  'https://localhost.evil.example/',
  'javascript:alert(1)',
  '//evil.example',
  '',
]) {
  test(`a handshake never leads to ${target || 'nowhere'}`, async (t) => {
    const { url } = await startTestClerk(t)
    const query = new URLSearchParams({ redirect_url: target })
    const answer = await send(`${url}/v1/client/handshake?${query.toString()}`)
    assert.equal(refusal(answer, 403), 'origin_invalid')
  })
}
