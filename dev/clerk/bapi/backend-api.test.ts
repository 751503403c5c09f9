import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, at, backend, newBrowser, refusal, send, signIn } from '../testing/browser'
import { startTestClerk } from '../testing/test-clerk'

const addresses = ['/jwks', '/users', '/users/count', `/users/${alice.id}`, '/sessions/sess_1']

for (const address of addresses) {
  test(`${address} is refused without the secret key`, async (t) => {
    const clerk = await startTestClerk(t)
    const wrong = await backend(clerk, address, { key: 'sk_test_guess' })
    assert.equal(refusal(wrong, 401), 'clerk_key_invalid')
    const none = await send(`${clerk.url}/v1${address}`)
    assert.equal(refusal(none, 401), 'authorization_header_format_invalid')
  })
}

test('a server makes, finds and removes users', async (t) => {
  const clerk = await startTestClerk(t)
  const carol = { email: 'carol@example.com', password: 'correct horse' }
  const fields = { email_address: [carol.email], password: carol.password, first_name: 'Carol' }
  const made = await backend(clerk, '/users', { fields })
  const id = String(at(made.body, 'id'))
  await signIn(await newBrowser(clerk), carol)

  const found = await backend(clerk, `/users?email_address=${carol.email}`)
  assert.equal(at(found.body, 0, 'id'), id)
  assert.equal(at((await backend(clerk, '/users/count')).body, 'total_count'), 4)
  assert.equal(refusal(await backend(clerk, '/users', { fields }), 422), 'form_identifier_exists')

  assert.equal((await backend(clerk, `/users/${id}`, { method: 'DELETE' })).status, 200)
  assert.equal(refusal(await backend(clerk, `/users/${id}`), 404), 'resource_not_found')
})

test('revoking a session ends it', async (t) => {
  const clerk = await startTestClerk(t)
  const browser = await newBrowser(clerk)
  const session = await signIn(browser, alice)
  const revoke = () => backend(clerk, `/sessions/${session}/revoke`, { method: 'POST' })
  assert.equal(at((await revoke()).body, 'status'), 'revoked')
  const token = await browser.send(`/client/sessions/${session}/tokens`)
  assert.equal(refusal(token, 401), 'authentication_invalid')
  assert.equal(refusal(await revoke(), 404), 'resource_not_found')
})

test('public metadata are merged, and null takes a key away', async (t) => {
  const clerk = await startTestClerk(t)
  const patch = async (metadata: object) => {
    const fields = { public_metadata: metadata }
    const path = `/users/${alice.id}/metadata`
    return at((await backend(clerk, path, { fields, method: 'PATCH' })).body, 'public_metadata')
  }
  assert.deepEqual(await patch({ role: 'moderator', team: { name: 'A' } }), {
    role: 'moderator',
    team: { name: 'A' },
  })
  assert.deepEqual(await patch({ role: null, team: { city: 'Lisbon' } }), {
    team: { name: 'A', city: 'Lisbon' },
  })
})

test('a password is never shown, not even its hash', async (t) => {
  const clerk = await startTestClerk(t)
  const { body } = await backend(clerk, `/users/${alice.id}`)
  assert.equal(at(body, 'password_enabled'), true)
  assert.doesNotMatch(JSON.stringify(body), /scrypt|row-level-security/)
})
