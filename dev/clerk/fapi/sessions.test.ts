import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alice,
  at,
  bob,
  browserWith,
  newBrowser,
  refusal,
  signIn,
  type Browser,
} from '../testing/browser'
import { startTestClerk } from '../testing/test-clerk'

const token = (browser: Browser, session: string) =>
  browser.send(`/client/sessions/${session}/tokens`)

test('a session gives fresh tokens, and none once it has been signed out', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const session = await signIn(browser, alice)
  assert.equal(at((await token(browser, session)).body, 'object'), 'token')

  const { body } = await browser.send('/client/sessions', {}, 'DELETE')
  assert.deepEqual(at(body, 'response', 'sessions'), [])
  assert.equal(refusal(await token(browser, session), 401), 'authentication_invalid')
  assert.equal(
    refusal(await browser.send(`/client/sessions/${session}/touch`), 401),
    'authentication_invalid',
  )
})

test("another browser's session gives no token", async (t) => {
  const clerk = await startTestClerk(t)
  const session = await signIn(await newBrowser(clerk), alice)
  const bobs = await newBrowser(clerk)
  await signIn(bobs, bob)
  assert.equal(refusal(await token(bobs, session), 401), 'authentication_invalid')
})

test('a session ends after seven days', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  const session = await signIn(browser, alice)
  clerk.passSeconds(7 * 24 * 60 * 60)
  assert.equal(refusal(await token(browser, session), 401), 'authentication_invalid')
  assert.deepEqual(at((await browser.get('/client')).body, 'response', 'sessions'), [])
})

test('an unknown browser is told to start over', async (t) => {
  const clerk = await startTestClerk(t)
  const stranger = browserWith(clerk, 'dvb_made_up')
  assert.equal(refusal(await stranger.get('/client'), 401), 'dev_browser_unauthenticated')
})

test('a user changes their name and password, and is signed out elsewhere', async (t) => {
  const clerk = await startTestClerk(t)
  const [here, elsewhere] = [await newBrowser(clerk), await newBrowser(clerk)]
  await signIn(here, alice)
  const old = await signIn(elsewhere, alice)

  const renamed = await here.send('/me', { first_name: 'Alicia', last_name: '' }, 'PATCH')
  assert.equal(at(renamed.body, 'response', 'first_name'), 'Alicia')
  assert.equal(at(renamed.body, 'response', 'last_name'), null)

  const change = (current: string) =>
    here.send('/me/change_password', {
      current_password: current,
      new_password: 'a better one',
      sign_out_of_other_sessions: 'true',
    })
  assert.equal(refusal(await change('guess'), 422), 'form_password_incorrect')
  assert.equal((await change(alice.password)).status, 200)
  assert.equal(refusal(await token(elsewhere, old), 401), 'authentication_invalid')
  await signIn(await newBrowser(clerk), { ...alice, password: 'a better one' })
})

test('a user sees their own sessions, without their tokens, and can end one', async (t) => {
  const clerk = await startTestClerk(t)
  const [here, elsewhere, bobs] = [
    await newBrowser(clerk),
    await newBrowser(clerk),
    await newBrowser(clerk),
  ]
  await signIn(here, alice)
  const other = await signIn(elsewhere, alice)
  const foreign = await signIn(bobs, bob)

  const { body } = await here.get('/me/sessions/active')
  assert.equal(Array.isArray(body) && body.length, 2)
  assert.equal(at(body, 1, 'last_active_token'), null)
  assert.equal(
    refusal(await here.send(`/me/sessions/${foreign}/revoke`), 404),
    'resource_not_found',
  )
  assert.equal((await here.send(`/me/sessions/${other}/revoke`)).status, 200)
  assert.equal(refusal(await token(elsewhere, other), 401), 'authentication_invalid')
})
