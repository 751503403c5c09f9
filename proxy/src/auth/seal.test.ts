import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { ZodError } from 'zod'
import { sealClaims } from './seal'
import { parseSessionKey } from './session-key'

// The database verifies these seals: both sides test against this one vector.
const VECTOR = {
  key: Buffer.alloc(32, 1).toString('base64'),
  payload: '{"sub":"alice","exp":4102444800}',
  sealed:
    '72cd6e849577209623ed7c8aa67b7eb586ff02515b3677f394a5d36413d2e237facc271d041024448300005alice{"sub":"alice","exp":4102444800}',
}
const sessionKey = parseSessionKey(VECTOR.key)

test('sealing the shared vector gives the token that the database accepts', () => {
  assert.equal(sealClaims(sessionKey, VECTOR.payload), VECTOR.sealed)
})

test('a sealed token consists of the key’s id, an HMAC over the rest, and the rest', () => {
  for (const [payload, front] of [
    ['{"sub":"ålice 🌱","exp":4000000000}', '040000000300007ålice 🌱'],
    [' {"exp":0}\n', '000000000300000'],
    ['{"exp":9000000000000000,"sub":""}', '999999999990000'],
    ['{"exp":1e300,"sub":""}', '999999999990000'],
    // Never later than the token says, so the fraction is dropped.
    ['{"exp":4000000000.999}', '040000000300000'],
    ['{"exp":0.4E10}', '040000000300000'],
    ['{"sub":"bob","exp":1,"sub":"\\u0061lice"}', '000000000310005alice'],
  ] as const) {
    const sealed = Buffer.from(front + payload)
    const mac = createHmac('sha256', sessionKey.key).update(sealed).digest('hex')
    assert.equal(sealClaims(sessionKey, payload), `${sessionKey.kid}${mac}${front}${payload}`)
    assert.equal(mac.length, 64)
  }
})

test('claims without an expiry are not sealed', () => {
  const wrong = [undefined, null, '4000000000', '', true, [4e9], { a: 4e9 }, -1]
  for (const exp of wrong) {
    const payload = JSON.stringify({ sub: 'alice', exp })
    assert.throws(() => sealClaims(sessionKey, payload), ZodError, payload)
  }
  for (const payload of ['null', '4e9', '"exp"', '[]', '[{"exp":4e9,"sub":"alice"}]', '{}']) {
    assert.throws(() => sealClaims(sessionKey, payload), ZodError, payload)
  }
})

test('a subject that is not text, or that Postgres cannot store unchanged, is not sealed', () => {
  const wrong = [null, 42, true, ['alice'], { id: 'alice' }, 'a\u0000', '\ud800', 'a'.repeat(1e4)]
  for (const sub of wrong) {
    const payload = JSON.stringify({ sub, exp: 4e9 })
    assert.throws(() => sealClaims(sessionKey, payload), ZodError, payload.slice(0, 80))
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

test('a user id from another claim and another leeway are sealed as given', () => {
  const payload = '{"sub":"alice","exp":4000000000}'
  const sealed = sealClaims(sessionKey, payload, { subject: 'bob', expiresAt: 4_000_000_007 })
  assert.equal(sealed.slice(72), `040000000070003bob${payload}`)
})
