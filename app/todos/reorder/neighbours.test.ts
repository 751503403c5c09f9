import assert from 'node:assert/strict'
import { test } from 'node:test'
import { positionAfterDrop, positionAfterMove, type Move } from './neighbours'
import { positionsBetween } from './position'

const keys = positionsBetween([], [], 4)
const rows = ['a', 'b', 'c', 'd'].map((id, index) => ({ id, position: keys[index] ?? '' }))

/** The order after a move; null if nothing is written. */
function order(id: string, position: string | null) {
  if (position === null) return null
  return rows
    .map((row) => (row.id === id ? { id, position } : row))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .map((row) => row.id)
    .join('')
}
const moved = (id: string, move: Move) => order(id, positionAfterMove(rows, id, move))
const dropped = (id: string, over: string, isBelow: boolean) =>
  order(id, positionAfterDrop(rows, id, { over, isBelow }))

test('a row moves one place up or down, to the top and to the bottom', () => {
  assert.equal(moved('c', 'up'), 'acbd')
  assert.equal(moved('b', 'down'), 'acbd')
  assert.equal(moved('c', 'top'), 'cabd')
  assert.equal(moved('b', 'bottom'), 'acdb')
})

test('a row that is there already is not written', () => {
  assert.equal(moved('a', 'up'), null)
  assert.equal(moved('a', 'top'), null)
  assert.equal(moved('d', 'down'), null)
  assert.equal(moved('d', 'bottom'), null)
  assert.equal(moved('gone', 'up'), null)
})

test('a row is dropped above or below another', () => {
  assert.equal(dropped('a', 'c', true), 'bcad')
  assert.equal(dropped('a', 'c', false), 'bacd')
  assert.equal(dropped('d', 'a', false), 'dabc')
  assert.equal(dropped('a', 'd', true), 'bcda')
})

test('a row that is dropped beside itself is not written', () => {
  assert.equal(dropped('b', 'a', true), null)
  assert.equal(dropped('b', 'c', false), null)
  assert.equal(dropped('b', 'b', true), null)
  assert.equal(dropped('b', 'gone', true), null)
})

test('among rows with one position, a move goes past all of them and throws nothing', () => {
  const same = ['a', 'b', 'c'].map((id) => ({ id, position: 'a1' }))
  const position = (id: string, move: Move) => positionAfterMove(same, id, move) ?? ''
  assert.ok(position('a', 'down') > 'a1')
  assert.ok(position('c', 'up') < 'a1')
  assert.ok(position('c', 'top') < 'a1')
})
