import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { sealClaims } from './identity'
import { parseSessionKey } from './session-key'

// The database verifies what is sealed here: both sides test against this one vector.
const VECTOR = {
  key: Buffer.alloc(32, 1).toString('base64'),
  payload: '{"sub":"alice","exp":4102444800}',
  sealed:
    '72cd6e84.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMH0.oJ0MUJaG4tgWSm6WJA7jeVx7-I_6pBqt_-0viJCMpDY',
}

test('sealing the shared vector gives the token that the database accepts', () => {
  assert.equal(sealClaims(parseSessionKey(VECTOR.key), VECTOR.payload), VECTOR.sealed)
})

test('the seal covers the key id and every byte of the claims', () => {
  const sessionKey = parseSessionKey(VECTOR.key)
  const [kid = '', claims = '', mac] = sealClaims(sessionKey, '{"sub":"ålice"}').split('.')
  assert.equal(kid, sessionKey.kid)
  assert.equal(Buffer.from(claims, 'base64url').toString('utf8'), '{"sub":"ålice"}')
  const expected = createHmac('sha256', sessionKey.key).update(`${kid}.${claims}`)
  assert.equal(mac, expected.digest('base64url'))
})

test('a key shorter than 32 bytes is refused without being repeated', () => {
  const short = Buffer.alloc(31, 7).toString('base64')
  assert.throws(
    () => parseSessionKey(short),
    (error: Error) => error.message.includes('31 bytes') && !error.message.includes(short),
  )
})

test('a key that is not base64 is refused without being repeated', () => {
  assert.throws(
    () => parseSessionKey('not a key!'),
    (error: Error) => error.message.includes('not base64') && !error.message.includes('not a key'),
  )
})
