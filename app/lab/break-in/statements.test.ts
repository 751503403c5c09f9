import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL_ATTACKS } from './attack-groups'
import { asText, fromHash, fromText, hashOf } from './statements'

test('every attack comes back from the editor as it was', () => {
  for (const { sql } of ALL_ATTACKS) {
    assert.deepEqual(fromText(asText(sql)), typeof sql === 'string' ? sql : [...sql])
  }
})

test('every attack comes back from a link as it was', () => {
  for (const { sql } of ALL_ATTACKS) {
    const text = asText(sql)
    assert.equal(fromHash(new URL(`http://lab.test/${hashOf(text)}`).hash), text)
  }
})

test('a link without SQL, or with a broken one, holds none', () => {
  for (const hash of ['', '#', '#content', '#sql=%E0%A4%A']) assert.equal(fromHash(hash), undefined)
})

test('a text of blanks and comments between statements sends nothing', () => {
  for (const text of ['', ' \n', '-- then, in the same transaction:']) {
    assert.equal(fromText(text), undefined)
  }
})
