import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClerkClient, verifyToken } from '@clerk/backend'
import { alice, at, bob, newBrowser, signIn } from './testing/browser'
import { PUBLISHABLE_KEY, SECRET_KEY, startTestClerk, type TestClerk } from './testing/test-clerk'

const PAGE = 'http://localhost:3000/server'

const sdk = (clerk: TestClerk) =>
  createClerkClient({
    apiUrl: clerk.url,
    secretKey: SECRET_KEY,
    publishableKey: PUBLISHABLE_KEY,
    proxyUrl: '/__clerk',
  })

/** What Clerk's own SDK makes of a page that a browser with these cookies opens. */
function openPage(clerk: TestClerk, url: string, cookies = '') {
  const headers = { accept: 'text/html', 'sec-fetch-dest': 'document', cookie: cookies }
  return sdk(clerk).authenticateRequest(new Request(url, { headers }))
}

async function sessionToken(clerk: TestClerk) {
  const browser = await newBrowser(clerk)
  const session = await signIn(browser, alice)
  const { body } = await browser.send(`/client/sessions/${session}/tokens`)
  return { browser, jwt: String(at(body, 'jwt')) }
}

test("Clerk's own SDK accepts a session token", async (t) => {
  const clerk = await startTestClerk(t)
  const { jwt } = await sessionToken(clerk)
  const claims = await verifyToken(jwt, {
    apiUrl: clerk.url,
    secretKey: SECRET_KEY,
    authorizedParties: ['http://localhost:3000'],
  })
  assert.equal(claims.sub, alice.id)
})

/** Follows the handshake that the SDK asks for, as a browser with these cookies does. */
async function followHandshake(clerk: TestClerk, location: string | null, cookies: string) {
  const proxied = new URL(location ?? '')
  const there = `${clerk.url}${proxied.pathname.replace('/__clerk', '')}${proxied.search}`
  const response = await fetch(there, { redirect: 'manual', headers: { cookie: cookies } })
  const [nonce = ''] = response.headers.getSetCookie()[0]?.split(';') ?? []
  return { back: response.headers.get('location') ?? '', nonce }
}

test("Clerk's own SDK is led through the handshake, and then sees who is signed in", async (t) => {
  const clerk = await startTestClerk(t)
  const { browser } = await sessionToken(clerk)
  const known = `__clerk_db_jwt=${browser.devBrowser}; __client_uat=1`

  const first = await openPage(clerk, PAGE, known)
  assert.equal(first.status, 'handshake')
  const { back, nonce } = await followHandshake(clerk, first.headers.get('location'), known)
  assert.equal(back, PAGE)

  const second = await openPage(clerk, back, `${known}; ${nonce}`)
  assert.equal(second.status, 'signed-in')
  assert.equal(second.toAuth().userId, alice.id)
  const cookies = second.headers.getSetCookie().map((directive) => directive.split(';')[0])
  assert.ok(cookies.includes('__clerk_handshake_nonce='))

  const third = await openPage(clerk, PAGE, cookies.join('; '))
  assert.equal(third.status, 'signed-in')
})

test('a handshake’s link signs no one in when opened in another browser', async (t) => {
  const clerk = await startTestClerk(t)
  const { browser } = await sessionToken(clerk)
  const known = `__clerk_db_jwt=${browser.devBrowser}; __client_uat=1`
  const toHandshake = (await openPage(clerk, PAGE, known)).headers.get('location')
  const { back } = await followHandshake(clerk, toHandshake, known)

  // Mallory's browser is signed out; then it opens the page, and the handshake, at Alice's addresses.
  const { devBrowser } = await newBrowser(clerk)
  const mallory = `__clerk_db_jwt=${devBrowser}; __client_uat=0`
  assert.equal((await openPage(clerk, back, mallory)).status, 'signed-out')
  const { nonce } = await followHandshake(clerk, toHandshake, mallory)
  const page = await openPage(clerk, PAGE, `${mallory}; ${nonce}`)
  assert.equal(page.status, 'signed-out')
})

test("Clerk's own SDK finds, makes and lists users", async (t) => {
  const { users } = sdk(await startTestClerk(t))
  assert.equal((await users.getUser(bob.id)).primaryEmailAddress?.emailAddress, bob.email)
  const carol = await users.createUser({ emailAddress: ['carol@example.com'], firstName: 'Carol' })
  const { data, totalCount } = await users.getUserList({ emailAddress: ['carol@example.com'] })
  assert.equal(totalCount, 1)
  assert.equal(data[0]?.id, carol.id)
})

test("Clerk's own SDK hands out sign-in tokens and revokes sessions", async (t) => {
  const clerk = await startTestClerk(t)
  const { signInTokens, sessions } = sdk(clerk)
  const browser = await newBrowser(clerk)
  const { token } = await signInTokens.createSignInToken({
    userId: bob.id,
    expiresInSeconds: 60,
  })
  const { body } = await browser.send('/client/sign_ins', { strategy: 'ticket', ticket: token })
  const session = String(at(body, 'response', 'created_session_id'))
  assert.equal((await sessions.getSession(session)).userId, bob.id)
  assert.equal((await sessions.revokeSession(session)).status, 'revoked')
})

test("Clerk's own SDK learns that its secret key is wrong", async (t) => {
  const clerk = await startTestClerk(t)
  const { jwt } = await sessionToken(clerk)
  await assert.rejects(verifyToken(jwt, { apiUrl: clerk.url, secretKey: 'sk_test_guess' }), {
    reason: 'secret-key-invalid',
  })
})
