import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeSchema } from './change'

const rename = { type: 'rename', id: '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e', task: 'Buy oat milk' }
const accepts = (change: unknown) => changeSchema.safeParse(change).success

test('a change from the list is accepted', () => {
  assert.ok(accepts(rename))
  assert.ok(accepts({ type: 'clear-completed', view: { name: 'mine' } }))
})

test('a task that the database would refuse is refused', () => {
  for (const task of ['', ' ', 'a'.repeat(501), 7, null]) assert.ok(!accepts({ ...rename, task }))
})

test('an id that is not a uuid is refused', () => {
  for (const id of ['1', "' or true --", 7, null]) assert.ok(!accepts({ ...rename, id }))
})

test('anything but a change is refused', () => {
  for (const change of [null, 'delete', {}, { type: 'drop' }]) assert.ok(!accepts(change))
})
