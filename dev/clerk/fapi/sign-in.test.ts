import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, at, backend, bob, newBrowser, refusal, signIn } from '../testing/browser'
import { startTestClerk } from '../testing/test-clerk'

test('the demo users are there, with the demo password', async (t) => {
  const clerk = await startTestClerk(t)
  for (const user of [alice, bob]) {
    const browser = await newBrowser(clerk)
    await signIn(browser, user)
    const { body } = await browser.get('/client')
    assert.equal(at(body, 'response', 'sessions', 0, 'user', 'id'), user.id)
  }
})

test('an e-mail address alone leads to the ways in that the user has', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const { body } = await browser.send('/client/sign_ins', { identifier: 'Alice@Example.com ' })
  assert.equal(at(body, 'response', 'status'), 'needs_first_factor')
  assert.equal(at(body, 'response', 'supported_first_factors', 0, 'strategy'), 'password')
  assert.equal(at(body, 'response', 'supported_first_factors', 1, 'strategy'), 'email_code')
})

test('a wrong password is refused with form_password_incorrect', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const { body } = await browser.send('/client/sign_ins', { identifier: alice.email })
  const attempt = `/client/sign_ins/${String(at(body, 'response', 'id'))}/attempt_first_factor`
  const wrong = await browser.send(attempt, { strategy: 'password', password: 'guess' })
  assert.equal(refusal(wrong, 422), 'form_password_incorrect')
  assert.equal(at(wrong.body, 'errors', 0, 'meta', 'param_name'), 'password')
  assert.equal(at((await browser.get('/client')).body, 'response', 'sessions', 0), undefined)

  const right = await browser.send(attempt, { strategy: 'password', password: alice.password })
  assert.equal(at(right.body, 'response', 'status'), 'complete')
})

test('an unknown e-mail address is refused with form_identifier_not_found', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const answer = await browser.send('/client/sign_ins', { identifier: 'mallory@example.com' })
  assert.equal(refusal(answer, 422), 'form_identifier_not_found')
})

test('the e-mail code signs in once it was asked for, and no other code does', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  const { body } = await browser.send('/client/sign_ins', { identifier: alice.email })
  const address = `/client/sign_ins/${String(at(body, 'response', 'id'))}`
  const attempt = (code: string) =>
    browser.send(`${address}/attempt_first_factor`, { strategy: 'email_code', code })

  assert.equal(refusal(await attempt('424242'), 400), 'verification_missing')
  await browser.send(`${address}/prepare_first_factor`, { strategy: 'email_code' })
  assert.equal(refusal(await attempt('111111'), 422), 'form_code_incorrect')
  assert.equal(at((await attempt('424242')).body, 'response', 'status'), 'complete')
})

test('a ticket signs its user in once, and not after it has expired', async (t) => {
  const clerk = await startTestClerk(t)
  const newTicket = async () => {
    const fields = { user_id: bob.id, expires_in_seconds: 60 }
    return String(at((await backend(clerk, '/sign_in_tokens', { fields })).body, 'token'))
  }
  const redeem = async (ticket: string) =>
    (await newBrowser(clerk)).send('/client/sign_ins', { strategy: 'ticket', ticket })

  const ticket = await newTicket()
  assert.equal(at((await redeem(ticket)).body, 'client', 'sessions', 0, 'user', 'id'), bob.id)
  assert.equal(refusal(await redeem(ticket), 400), 'ticket_invalid_code')
  const late = await newTicket()
  clerk.passSeconds(61)
  assert.equal(refusal(await redeem(late), 400), 'ticket_invalid_code')
})

test('a browser has one session: a signed-in user must sign out first', async (t) => {
  const browser = await newBrowser(await startTestClerk(t))
  await signIn(browser, alice)
  const second = await browser.send('/client/sign_ins', { identifier: bob.email })
  assert.equal(refusal(second, 400), 'session_exists')
})

test('a sign-in that another browser began cannot be continued', async (t) => {
  const clerk = await startTestClerk(t)
  const { body } = await (
    await newBrowser(clerk)
  ).send('/client/sign_ins', { identifier: alice.email })
  const address = `/client/sign_ins/${String(at(body, 'response', 'id'))}`
  assert.equal(refusal(await (await newBrowser(clerk)).get(address), 404), 'resource_not_found')
})
