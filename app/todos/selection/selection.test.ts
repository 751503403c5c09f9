import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extend, keepShown, noSelection, selectAll, toggle } from './selection'

const shown = ['a', 'b', 'c', 'd', 'e']
const ids = ({ ids }: { ids: ReadonlySet<string> }) => [...ids].toSorted().join('')

test('a row is selected, and released', () => {
  const one = toggle(noSelection, 'b')
  const two = toggle(one, 'd')
  assert.equal(ids(two), 'bd')
  assert.equal(ids(toggle(two, 'b')), 'd')
})

test('a range reaches from the last single row to this one, in both directions', () => {
  const from = toggle(noSelection, 'c')
  assert.equal(ids(extend(from, 'e', shown)), 'cde')
  assert.equal(ids(extend(extend(from, 'e', shown), 'a', shown)), 'abcde')
})

test('a range with no beginning on screen is one row, and begins there', () => {
  const one = extend(noSelection, 'b', shown)
  assert.equal(ids(one), 'b')
  assert.equal(ids(extend(one, 'd', shown)), 'bcd')
  assert.equal(ids(extend(toggle(noSelection, 'gone'), 'b', shown)), 'bgone')
})

test('rows that are gone are no longer selected', () => {
  const all = selectAll(shown)
  assert.equal(ids(keepShown(all, ['b', 'd'])), 'bd')
  assert.equal(keepShown(all, ['b', 'd']).anchor, null)
  assert.equal(keepShown(all, shown), all)
})
