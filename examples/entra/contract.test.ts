/** The app’s own module for Entra, with the real MSAL. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proveExample, type Sdk } from '../testing/prove-example'
import { newVisitor } from '../testing/visitor'
import { DEMO_USERS, type Credentials } from '../stand-in/users'
import example from './example'
import { beginSignIn, endSignIn, signOut, userOf } from './lib/entra'

/** A person signs in at Entra, and the browser comes back. */
async function visitEntra(who: Credentials, intent: 'sign-in' | 'sign-up' = 'sign-in') {
  const { url, attempt } = await beginSignIn(intent === 'sign-up')
  const { searchParams } = await newVisitor().logIn(url, who, intent)
  return { answer: searchParams, attempt }
}

const enter =
  (intent: 'sign-in' | 'sign-up'): Sdk['signIn'] =>
  async (who) => {
    const { answer, attempt } = await visitEntra(who, intent)
    const id = (await endSignIn(answer, attempt)) ?? assert.fail('no session')
    const user = async (forceRefresh = false) =>
      (await userOf(id, forceRefresh)) ?? assert.fail('signed out')
    return {
      token: async () => (await user()).token,
      refresh: async () => void (await user(true)),
      signOut: async () => void (await newVisitor().visit(await signOut(id))),
    }
  }

proveExample(example, ({ variables, appOrigin }) => {
  const secret = 'f'.repeat(64)
  Object.assign(process.env, variables, example.app.variables?.({ origin: appOrigin, secret }))
  return { signIn: enter('sign-in'), signUp: enter('sign-up') }
})

test('Entra: an answer that another browser asked for opens no session, nor does a used one', async () => {
  const [hers, his] = [await visitEntra(DEMO_USERS.alice), await visitEntra(DEMO_USERS.bob)]
  const [code, state] = [his.answer.get('code') ?? '', hers.attempt.state]
  // Not even with his browser's proof, if it says nothing of who asked.
  const stateless = new URLSearchParams({ code, state: '' })
  assert.equal(await endSignIn(stateless, { ...his.attempt, state: '' }), null)
  assert.equal(await endSignIn(his.answer, { ...his.attempt, state }), null)
  // With the state of her browser, his code still needs the proof of his.
  assert.equal(await endSignIn(new URLSearchParams({ code, state }), hers.attempt), null)

  assert.ok(await endSignIn(hers.answer, hers.attempt))
  assert.equal(await endSignIn(hers.answer, hers.attempt), null)
})

test('Entra: a session ends here before its browser has come to Entra', async () => {
  const { answer, attempt } = await visitEntra(DEMO_USERS.alice)
  const id = (await endSignIn(answer, attempt)) ?? assert.fail('no session')
  assert.equal((await userOf(id))?.email, DEMO_USERS.alice.email)
  await signOut(id)
  assert.equal(await userOf(id), null)
})
