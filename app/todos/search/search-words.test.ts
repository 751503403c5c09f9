import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patternsFor } from '@/db/queries/search'
import { hasWords, searchWords } from './search-words'

test('each word counts once', () => {
  assert.deepEqual(searchWords('  oat  milk oat '), ['oat', 'milk'])
  assert.deepEqual(searchWords(' \0 '), [])
})

test('wildcards stand for themselves', () => {
  assert.deepEqual(patternsFor(['100%', 'a_b', String.raw`c\d`]), [
    String.raw`%100\%%`,
    String.raw`%a\_b%`,
    String.raw`%c\\d%`,
  ])
})

test('a text that the SQL proxy would refuse is not searched for', () => {
  assert.equal(searchWords('x'.repeat(195)), null)
  assert.equal(searchWords('ж'.repeat(100)), null)
  assert.equal(searchWords('%'.repeat(70)), null)
  assert.ok(searchWords('x'.repeat(190)))
  assert.deepEqual(searchWords('ab '.repeat(60)), ['ab'])
})

test('a todo is found by its text and notes together, in any case and order', () => {
  const todo = { task: 'Buy Oat Milk', notesStart: 'at the Corner' }
  assert.ok(hasWords(todo, ['milk', 'oat', 'corner']))
  assert.ok(hasWords(todo, []))
  assert.ok(!hasWords(todo, ['milk', 'bread']))
})
