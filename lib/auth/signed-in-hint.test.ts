import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { saysSignedIn } from './signed-in-hint'

process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY = 'pk_test_of_this_app'
const suffix = createHash('sha1').update('pk_test_of_this_app').digest('base64url').slice(0, 8)

test('a browser is signed in when the cookie of this app has the time of it', () => {
  assert.equal(saysSignedIn({ __client_uat: '1764460000' }), true)
  assert.equal(saysSignedIn({ __client_uat: '0' }), false)
  assert.equal(saysSignedIn({}), false)
  assert.equal(saysSignedIn({ __client_uat: 'true' }), false)
})

test('another app on the same host does not count', () => {
  assert.equal(saysSignedIn({ __client_uat: '1', [`__client_uat_${suffix}`]: '0' }), false)
  assert.equal(saysSignedIn({ __client_uat: '0', [`__client_uat_${suffix}`]: '1' }), true)
})
