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
    '72cd6e84e982d4420f88d7125c94dae80152d624b76a4d83b7c402c62342020b9ec2b4f5{"sub":"alice","exp":4102444800}',
}

test('sealing the shared vector gives the token that the database accepts', () => {
  assert.equal(sealClaims(parseSessionKey(VECTOR.key), VECTOR.payload), VECTOR.sealed)
})

test('a sealed token is the key’s id, the seal of every byte of the claims, and the claims', () => {
  const sessionKey = parseSessionKey(VECTOR.key)
  for (const claims of ['{"sub":"ålice 🌱"}', ' {}\n', '']) {
    const mac = createHmac('sha256', sessionKey.key).update(Buffer.from(claims)).digest('hex')
    assert.equal(sealClaims(sessionKey, claims), `${sessionKey.kid}${mac}${claims}`)
    assert.equal(mac.length, 64)
  }
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
