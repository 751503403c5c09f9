import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose'
import { alice, APP_ORIGIN, at, newBrowser, send, signIn } from './testing/browser'
import { startTestClerk, type TestClerk } from './testing/test-clerk'

async function aliceToken(clerk: TestClerk): Promise<string> {
  const browser = await newBrowser(clerk)
  const session = await signIn(browser, alice)
  return String(at((await browser.send(`/client/sessions/${session}/tokens`)).body, 'jwt'))
}

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

test('a token from before a restart still verifies after it', async (t) => {
  const clerk = await startTestClerk(t)
  const token = await aliceToken(clerk)
  await clerk.restart()
  await jwtVerify(token, createLocalJWKSet(await publishedKeys(clerk.url)))
})
