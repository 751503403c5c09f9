import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { alice, at, backend, newBrowser, refusal, send, signIn } from './testing/browser'
import { startTestClerk, type TestClerk } from './testing/test-clerk'

const PAGE = 'http://localhost:3000/server?filter=active'

type From = {
  devBrowser?: string
  cookie?: string
  page?: string
  headers?: Record<string, string>
}

/** Where the handshake sends the page, and the nonce that it gives the browser. */
async function ask(clerk: TestClerk, { devBrowser = '', page = PAGE, ...from }: From = {}) {
  const query = new URLSearchParams({ redirect_url: page, __clerk_db_jwt: devBrowser })
  const { cookie = `__clerk_db_jwt=${devBrowser}`, headers } = from
  const response = await fetch(`${clerk.url}/v1/client/handshake?${query.toString()}`, {
    redirect: 'manual',
    headers: { cookie, ...headers },
  })
  assert.equal(response.status, 307)
  const [setCookie = ''] = response.headers.getSetCookie()
  const nonce = /^__clerk_handshake_nonce=([^;]+)/.exec(setCookie)?.[1] ?? ''
  return { location: response.headers.get('location') ?? '', setCookie, nonce }
}

/** The cookies that the app's server gets for a nonce, by name. */
async function redeem(clerk: TestClerk, nonce: string): Promise<Map<string, string>> {
  const { body } = await backend(clerk, `/clients/handshake_payload?nonce=${nonce}`)
  const directives = at(body, 'directives') as string[]
  return new Map(
    directives.map((directive) => directive.split(';')[0]?.split('=') ?? []) as [string, string][],
  )
}

async function shakeHands(clerk: TestClerk, from: From = {}) {
  const { location, nonce } = await ask(clerk, from)
  return { location, cookies: await redeem(clerk, nonce) }
}

test('a new browser comes back to its page identified, and signed out', async (t) => {
  const { location, cookies } = await shakeHands(await startTestClerk(t))
  assert.equal(location, PAGE)
  assert.match(cookies.get('__clerk_db_jwt') ?? '', /^dvb_/)
  assert.equal(cookies.get('__client_uat'), '0')
  assert.equal(cookies.get('__session'), '')
})

test('a signed-in browser comes back with a fresh token for its page', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  await signIn(browser, alice)
  clerk.passSeconds(3600)
  const { cookies } = await shakeHands(clerk, { devBrowser: browser.devBrowser })
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
    '__clerk_handshake_nonce',
    '__client_uat',
    '__client_uat_4873CXQu',
    '__session',
    '__session_4873CXQu',
  ])
})

test('a browser whose state was lost gets a new identity, not an error', async (t) => {
  const { cookies } = await shakeHands(await startTestClerk(t), { devBrowser: 'dvb_from_before' })
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

test('no URL signs in: the nonce is in a cookie, out of reach of scripts', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  await signIn(browser, alice)
  const { location, setCookie } = await ask(clerk, { devBrowser: browser.devBrowser })
  assert.equal(location, PAGE)
  assert.match(
    setCookie,
    /^__clerk_handshake_nonce=[\w-]{43}; Path=\/; Max-Age=10; SameSite=Lax; HttpOnly$/,
  )
})

const SIGNED_OUT = new Map([['__clerk_handshake_nonce', '']])

test('a nonce works once, for a few seconds, and only for the server', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  await signIn(browser, alice)
  const from = { devBrowser: browser.devBrowser }
  const used = await ask(clerk, from)
  assert.equal(decodeJwt((await redeem(clerk, used.nonce)).get('__session') ?? '').sub, alice.id)
  assert.deepEqual(await redeem(clerk, used.nonce), SIGNED_OUT)

  const late = await ask(clerk, from)
  clerk.passSeconds(10)
  assert.deepEqual(await redeem(clerk, late.nonce), SIGNED_OUT)
  assert.deepEqual(await redeem(clerk, 'guess'), SIGNED_OUT)

  const path = `/clients/handshake_payload?nonce=${(await ask(clerk, from)).nonce}`
  assert.equal((await backend(clerk, path, { key: 'sk_test_guess' })).status, 401)
})

for (const [what, cookie] of [
  ['no cookie', ''],
  ['the cookie of another browser', undefined],
] as const) {
  test(`a URL with the identity of a signed-in browser signs no one in with ${what}`, async (t) => {
    const clerk = await startTestClerk(t)
    const [hers, other] = [await newBrowser(clerk), await newBrowser(clerk)]
    await signIn(hers, alice)
    const { cookies } = await shakeHands(clerk, {
      devBrowser: hers.devBrowser,
      cookie: cookie ?? `__clerk_db_jwt=${other.devBrowser}`,
    })
    assert.equal(cookies.get('__session'), '')
    assert.notEqual(cookies.get('__clerk_db_jwt'), hers.devBrowser)
  })
}

test('a handshake leads to the configured origin, whatever headers and URLs say', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  await signIn(browser, alice)
  for (const page of [
    'http://localhost:9999/server?filter=active',
    'http://evil.localhost:3000/server?filter=active',
    'https://127.0.0.1/server?filter=active',
    'http://someone:secret@localhost:3000/server?filter=active',
  ]) {
    const { location, cookies } = await shakeHands(clerk, {
      devBrowser: browser.devBrowser,
      page,
      headers: { 'x-forwarded-host': 'localhost:9999', 'x-forwarded-proto': 'https' },
    })
    assert.equal(location, PAGE)
    assert.equal(decodeJwt(cookies.get('__session') ?? '').azp, 'http://localhost:3000')
  }
  const { location } = await ask(clerk, { page: 'http://localhost:3000//evil.example/' })
  assert.equal(new URL(location).origin, 'http://localhost:3000')
})
