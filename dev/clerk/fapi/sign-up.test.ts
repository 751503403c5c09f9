import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, at, newBrowser, refusal, signIn } from '../testing/browser'
import { startTestClerk } from '../testing/test-clerk'

const carol = { email: 'carol@example.com', password: 'correct horse' }
const form = { email_address: carol.email, password: carol.password }

test('an e-mail address and a password make a user and sign them in', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  const { body } = await browser.send('/client/sign_ups', { ...form, first_name: 'Carol' })
  assert.equal(at(body, 'response', 'status'), 'complete')
  assert.equal(at(body, 'client', 'sessions', 0, 'user', 'first_name'), 'Carol')
  await signIn(await newBrowser(clerk), carol)
})

test('an address that is taken is refused, whatever its case', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const taken = { ...form, email_address: alice.email.toUpperCase() }
  const answer = await browser.send('/client/sign_ups', taken)
  assert.equal(refusal(answer, 422), 'form_identifier_exists')
})

test('a password of fewer than 8 characters is refused', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const answer = await browser.send('/client/sign_ups', { ...form, password: 'short' })
  assert.equal(refusal(answer, 422), 'form_password_length_too_short')
})

test('an invalid e-mail address is refused', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const answer = await browser.send('/client/sign_ups', { ...form, email_address: 'carol' })
  assert.equal(refusal(answer, 422), 'form_param_format_invalid')
})

test('a missing password can be added later', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const { body } = await browser.send('/client/sign_ups', { email_address: carol.email })
  assert.deepEqual(at(body, 'response', 'missing_fields'), ['password'])
  const address = `/client/sign_ups/${String(at(body, 'response', 'id'))}`
  const added = await browser.send(address, { password: carol.password }, 'PATCH')
  assert.equal(at(added.body, 'response', 'status'), 'complete')
})

test('if addresses are verified, no sign-up completes without the code', async (t) => {
  const browser = await newBrowser(await startTestClerk(t, { verifyEmailAtSignUp: true }))
  const { body } = await browser.send('/client/sign_ups', form)
  assert.equal(at(body, 'response', 'status'), 'missing_requirements')
  assert.deepEqual(at(body, 'response', 'unverified_fields'), ['email_address'])
  assert.equal(at(body, 'response', 'verifications', 'email_address', 'strategy'), null)

  const address = `/client/sign_ups/${String(at(body, 'response', 'id'))}`
  const attempt = (code: string) => browser.send(`${address}/attempt_verification`, { code })
  assert.equal(refusal(await attempt('424242'), 400), 'verification_missing')
  await browser.send(`${address}/prepare_verification`, { strategy: 'email_code' })
  assert.equal(refusal(await attempt('111111'), 422), 'form_code_incorrect')
  assert.equal(at((await attempt('424242')).body, 'response', 'status'), 'complete')
})
