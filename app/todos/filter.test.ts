import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filters, matches, parseFilter } from './filter'

test('the URL names the filter', () => {
  for (const filter of filters) assert.equal(parseFilter(filter), filter)
})

test('without a filter, or with an unknown one, all todos show', () => {
  for (const value of [null, '', 'Active', 'toString', 'done']) {
    assert.equal(parseFilter(value), 'all')
  }
})

test('a todo shows under all, and under one of the other two', () => {
  const shownUnder = (isComplete: boolean) => filters.filter((f) => matches(f, { isComplete }))
  assert.deepEqual(shownUnder(false), ['all', 'active'])
  assert.deepEqual(shownUnder(true), ['all', 'completed'])
})
