import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastPosition, positionBetween, positionsBetween } from './position'

/** As the database makes it from the time of insertion. */
const inserted = 'm655A0C1F2B3C0'

test('a position sorts between its neighbours, and at either end of the list', () => {
  const first = positionBetween([], [])
  const last = positionBetween([first], [])
  const between = positionBetween([first], [last])
  const before = positionBetween([], [first])
  assert.deepEqual([last, between, before, first].sort(), [before, first, between, last])
})

test('a position that the database made from the time is a neighbour like any other', () => {
  assert.ok(positionBetween([inserted], []) > inserted)
  assert.ok(positionBetween([], [inserted]) < inserted)
})

test('a row goes past all rows with one position, in the direction of its move', () => {
  const moved = positionBetween(['a1', 'a0'], ['a1', 'a1', 'a2'])
  assert.ok(moved > 'a1' && moved < 'a2')
  assert.ok(positionBetween(['a1'], ['a1']) > 'a1')
  const back = positionBetween(['a1', 'a0'], ['a1', 'a2'], 'start')
  assert.ok(back > 'a0' && back < 'a1')
  assert.ok(positionBetween(['a2'], ['a1']) > 'a2')
})

test('positions that others have made up never throw, and are passed over', () => {
  const strange = ['', ' ', '!', 'zzz', 'a', 'a10', 'ж', 'A00000000000000000000000000', 'a1-']
  for (const one of strange) {
    for (const other of strange) assert.equal(positionBetween([one], [other]), 'a0')
    const moved = positionBetween([one, 'a1'], [one, 'a2'])
    assert.ok(moved > 'a1' && moved < 'a2', one)
  }
})

test('a thousand moves to the same place stay in order and short', () => {
  let upper = 'a1'
  for (let move = 0; move < 1000; move++) {
    const moved = positionBetween(['a0'], [upper])
    assert.ok(moved > 'a0' && moved < upper)
    upper = moved
  }
  assert.ok(upper.length < 300, String(upper.length))
})

test('several positions at one place are in order, between the neighbours', () => {
  const made = positionsBetween(['a1'], ['a2'], 100)
  assert.equal(new Set(made).size, 100)
  assert.deepEqual(['a1', ...made, 'a2'], ['a1', ...made, 'a2'].toSorted())
})

test('the last position is behind those of earlier todos, however many came at once', () => {
  const now = Date.UTC(2026, 10, 30)
  assert.equal(lastPosition(now), 'm6617317482000')
  assert.ok(lastPosition(now) > inserted)
  const many = positionsBetween([lastPosition(now)], [], 10_000)
  assert.ok((many.at(-1) ?? '') < lastPosition(now + 1_000))
})
