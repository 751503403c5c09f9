import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { idFrom, idsFor } from './todo-ids'

const milk = {
  id: null,
  listId: null,
  task: 'Milk',
  notes: '',
  isComplete: false,
  dueOn: null,
  dueTime: null,
}

test('the same file has the same ids, each a valid UUID that no other todo has', async () => {
  const file = [milk, { ...milk, task: 'Bread' }, milk, { ...milk, notes: 'oat' }]
  const ids = await idsFor('alice', file)
  assert.deepEqual(await idsFor('alice', file), ids)
  assert.equal(new Set(ids).size, file.length)
  for (const id of ids) assert.ok(z.uuid().safeParse(id).success, id)
})

test('a todo that was ticked since keeps its id, as it keeps one that it was exported with', async () => {
  const [id] = await idsFor('alice', [milk])
  assert.deepEqual(await idsFor('alice', [{ ...milk, isComplete: true }]), [id])
  const own = '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e'
  assert.deepEqual(await idsFor('alice', [{ ...milk, id: own }]), [own])
})

test('an id that a file has twice is that of one todo only', async () => {
  const own = '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e'
  const ids = await idsFor('alice', [
    { ...milk, id: own },
    { ...milk, id: own },
  ])
  assert.equal(ids[0], own)
  assert.equal(new Set(ids).size, 2)
})

test('another user has other ids for the same file', async () => {
  assert.notDeepEqual(await idsFor('alice', [milk]), await idsFor('bob', [milk]))
  assert.notEqual(await idFrom('alice', 'x'), await idFrom('bob', 'x'))
})
