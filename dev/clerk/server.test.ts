import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { StartError } from './start-error'
import { alice, at, browserWith, newBrowser, refusal, send, signIn } from './testing/browser'
import { startTestClerk } from './testing/test-clerk'

test('users, sessions and the signing key survive a restart', async (t) => {
  const clerk = await startTestClerk(t)
  const carol = { email: 'carol@example.com', password: 'correct horse' }
  const browser = await newBrowser(clerk)
  const fields = { email_address: carol.email, password: carol.password }
  const signedUp = await browser.send('/client/sign_ups', fields)
  const session = String(at(signedUp.body, 'response', 'created_session_id'))

  await clerk.restart()
  assert.equal((await browser.send(`/client/sessions/${session}/tokens`)).status, 200)
  await signIn(await newBrowser(clerk), carol)
})

test('the state file is for its owner only, and holds no password', async (t) => {
  const { stateFile } = await startTestClerk(t)
  assert.equal(statSync(stateFile).mode & 0o777, 0o600)
  assert.doesNotMatch(readFileSync(stateFile, 'utf8'), new RegExp(alice.password))
})

test('an unreadable state file is named, with a fix', async (t) => {
  const clerk = await startTestClerk(t)
  await clerk.stop()
  writeFileSync(clerk.stateFile, '{ "version": 1, "use')
  await assert.rejects(clerk.restart(), (error: unknown) => {
    assert(error instanceof StartError)
    assert.match(error.message, /clerk\.json: delete the file/)
    return true
  })
})

test('a taken port is named, with a fix', async (t) => {
  const { url } = await startTestClerk(t)
  await assert.rejects(startTestClerk(t, { port: Number(new URL(url).port) }), (error: unknown) => {
    assert(error instanceof StartError)
    assert.match(error.message, /Port \d+ is taken.*CLERK_LOCAL_PORT/)
    return true
  })
})

test('it listens on 127.0.0.1 only', async (t) => {
  const { url } = await startTestClerk(t)
  const outside = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, family }) => !internal && family === 'IPv4'),
  )
  for (const host of ['[::1]', ...outside.map(({ address }) => address)]) {
    await assert.rejects(fetch(url.replace('127.0.0.1', host)), host)
  }
})

test('an unknown address is a 404 in Clerk’s format', async (t) => {
  const { url } = await startTestClerk(t)
  for (const path of ['/', '/v1/nothing', '/v1/users', '/v1/me/../../etc/passwd', '/__proto__']) {
    const answer = await send(`${url}${path}`)
    assert(at(answer.body, 'errors', 0, 'code'), path)
    assert(answer.status === 404 || answer.status === 401, path)
  }
})

test('a page of another machine is refused, and so is another name for this one', async (t) => {
  const { url } = await startTestClerk(t)
  const post = (headers: Record<string, string>) => rawPost(url, headers, '')
  assert.equal(await post({}), 200)
  assert.equal(await post({ origin: 'https://evil.example' }), 403)
  assert.equal(await post({ origin: 'null' }), 403)
  assert.equal(await post({ 'x-forwarded-host': 'evil.example' }), 403)
  assert.equal(await post({ host: 'rebound.example' }), 403)
})

test('a body that is too large or malformed is refused, and the emulator continues', async (t) => {
  const { url } = await startTestClerk(t)
  const json = { 'content-type': 'application/json' }
  assert.equal(await rawPost(url, {}, 'x'.repeat(1_000_000)), 413)
  assert.equal(await rawPost(url, json, '{"a":'), 400)
  assert.equal(await rawPost(url, json, '{"identifier":{}}', await signInPath(url)), 422)
  assert.equal(await rawPost(url, json, '[]', await signInPath(url)), 422)
  assert.equal(await rawPost(url, json, 'null', await signInPath(url)), 422)
  assert.equal(await rawPost(url, {}, '%%%=%ff&__proto__=1', await signInPath(url)), 422)
  assert.equal(await rawPost(url, {}, ''), 200)
})

test('a made-up session, sign-in or browser is a 4xx', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  for (const id of ['__proto__', 'constructor', '', 'undefined', '%00']) {
    const answer = await browser.send(`/client/sessions/${id}/tokens`)
    assert.equal(refusal(answer, 401), 'authentication_invalid')
    assert.equal((await browser.get(`/client/sign_ins/${id}`)).status, 404)
    assert.equal((await browserWith(clerk, id).get('/client')).status, 401)
  }
})

async function signInPath(url: string): Promise<string> {
  const { devBrowser } = await newBrowser({ url })
  return `/v1/client/sign_ins?__clerk_db_jwt=${devBrowser}`
}

/** With headers that `fetch` would not send as they are. */
async function rawPost(
  url: string,
  headers: Record<string, string>,
  body: string,
  path = '/v1/dev_browser',
): Promise<number> {
  const sent = request(`${url}${path}`, { method: 'POST', headers, agent: false })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }]
  response.resume()
  return response.statusCode
}
