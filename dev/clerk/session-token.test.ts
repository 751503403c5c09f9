import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose'
import { DEMO_PASSWORD } from './demo-password'
import {
  alice,
  APP_ORIGIN,
  at,
  backend,
  newBrowser,
  refusal,
  send,
  signIn,
  type Browser,
} from './testing/browser'
import { MODERATOR, startTestClerk, type TestClerk } from './testing/test-clerk'

async function tokenOf(clerk: TestClerk, user: { email: string; password: string }) {
  const browser = await newBrowser(clerk)
  const session = await signIn(browser, user)
  return tokenIn(browser, session)
}

async function tokenIn(browser: Browser, session: string): Promise<string> {
  return String(at((await browser.send(`/client/sessions/${session}/tokens`)).body, 'jwt'))
}

const aliceToken = (clerk: TestClerk) => tokenOf(clerk, alice)

/** As a third party does: by discovery, starting from the issuer alone. */
async function publishedKeys(issuer: string): Promise<JSONWebKeySet> {
  const { body } = await send(`${issuer}/.well-known/openid-configuration`)
  assert.equal(at(body, 'issuer'), issuer)
  return (await send(String(at(body, 'jwks_uri')))).body as JSONWebKeySet
}

test('a session token lives 60 seconds', async (t) => {
  const { iat = 0, exp, nbf } = decodeJwt(await aliceToken(await startTestClerk(t)))
  assert.equal(exp, iat + 60)
  assert.equal(nbf, iat - 10)
})

test('a session token verifies with the keys that its issuer publishes', async (t) => {
  const clerk = await startTestClerk(t)
  const token = await aliceToken(clerk)
  const { payload, protectedHeader } = await jwtVerify(
    token,
    createLocalJWKSet(await publishedKeys(clerk.url)),
    { issuer: clerk.url, algorithms: ['RS256'], requiredClaims: ['exp', 'sub', 'sid'] },
  )
  assert.equal(payload.sub, alice.id)
  assert.equal(payload.azp, APP_ORIGIN)
  assert.equal(protectedHeader.typ, 'JWT')
})

test('the published key holds nothing of the private one', async (t) => {
  const { keys } = await publishedKeys((await startTestClerk(t)).url)
  assert.deepEqual(Object.keys(keys[0] ?? {}).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
})

test('a session token carries the name, the address, whether that is verified, and the public metadata', async (t) => {
  const clerk = await startTestClerk(t)
  const { name, email, email_verified, metadata } = decodeJwt(await aliceToken(clerk))
  assert.deepEqual(
    { name, email, email_verified, metadata },
    { name: 'Alice', email: alice.email, email_verified: true, metadata: {} },
  )
  const moderator = { ...MODERATOR, password: DEMO_PASSWORD }
  assert.deepEqual(decodeJwt(await tokenOf(clerk, moderator)).metadata, { role: 'moderator' })
})

test('a server’s change of the metadata is in the next token of the same session', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  const session = await signIn(browser, alice)
  const fields = { public_metadata: { role: 'moderator' } }
  await backend(clerk, `/users/${alice.id}/metadata`, { fields, method: 'PATCH' })
  assert.deepEqual(decodeJwt(await tokenIn(browser, session)).metadata, { role: 'moderator' })
})

test('users cannot write their own metadata', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const session = await signIn(browser, alice)
  const attempt = { public_metadata: '{"role":"moderator"}', first_name: 'Alice B' }
  assert.equal((await browser.send('/me', attempt, 'PATCH')).status, 200)
  assert.deepEqual(decodeJwt(await tokenIn(browser, session)).metadata, {})
})

test('an address is verified by its code, and not by signing up with it', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  const carol = { email_address: 'carol@example.com', password: 'correct horse' }
  const { body } = await browser.send('/client/sign_ups', carol)
  const session = String(at(body, 'response', 'created_session_id'))
  const isVerified = async () => decodeJwt(await tokenIn(browser, session)).email_verified
  assert.equal(await isVerified(), false)

  const user = at((await browser.get('/me')).body, 'response')
  const address = `/me/email_addresses/${String(at(user, 'primary_email_address_id'))}`
  const attempt = (code: string) => browser.send(`${address}/attempt_verification`, { code })
  assert.equal(refusal(await attempt('424242'), 400), 'verification_missing')
  await browser.send(`${address}/prepare_verification`, { strategy: 'email_code' })
  assert.equal(refusal(await attempt('111111'), 422), 'form_code_incorrect')
  assert.equal(await isVerified(), false)
  assert.equal((await attempt('424242')).status, 200)
  assert.equal(await isVerified(), true)
})

test('nobody verifies another user’s address', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  await signIn(browser, alice)
  const bobs = '/me/email_addresses/idn_bob_demo/prepare_verification'
  const answer = await browser.send(bobs, { strategy: 'email_code' })
  assert.equal(refusal(answer, 404), 'resource_not_found')
})

test('a token from before a restart still verifies after it', async (t) => {
  const clerk = await startTestClerk(t)
  const token = await aliceToken(clerk)
  await clerk.restart()
  await jwtVerify(token, createLocalJWKSet(await publishedKeys(clerk.url)))
})
