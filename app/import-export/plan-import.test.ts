import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failed, succeeded } from '@/lib/problem'
import { addTodosOf } from './add-todos'
import { planImport } from './plan-import'
import type { FileTodo } from './read-file'

const mine = '11111111-1111-4111-8111-111111111111'
const shared = '22222222-2222-4222-8222-222222222222'
const [one, two] = ['5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd01', '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd02']
const todo = (task: string, more: Partial<FileTodo> = {}): FileTodo => ({
  id: null,
  listId: null,
  task,
  notes: '',
  isComplete: false,
  dueOn: null,
  dueTime: null,
  ...more,
})
const target = { userId: 'alice', listId: null, editableLists: new Set([mine]) }

test('todos keep the order of the file, behind what is in the list', async () => {
  const now = Date.UTC(2026, 10, 30)
  const planned = await planImport(
    ['a', 'b', 'c'].map((task) => todo(task)),
    target,
    now,
  )
  const positions = planned.map(({ position }) => position)
  assert.deepEqual(positions, positions.toSorted())
  assert.equal(new Set(positions).size, 3)
})

test('a todo goes to its list if the user may add to it, else to the one that is open', async () => {
  const planned = await planImport(
    [todo('a', { listId: mine }), todo('b', { listId: shared }), todo('c')],
    { ...target, listId: mine },
  )
  assert.deepEqual(
    planned.map(({ listId }) => listId),
    [mine, mine, mine],
  )
  const [a, b] = await planImport(
    [todo('a', { listId: mine }), todo('b', { listId: shared })],
    target,
  )
  assert.deepEqual([a?.listId, b?.listId], [mine, null])
})

/** A database in which someone else has the first todo, and alice the second. */
function database() {
  const foreign = new Set([one])
  const stored = new Set([two])
  return addTodosOf('alice', (todos) => {
    const ids = todos.map(({ id }) => id)
    const present = ids.filter((id) => stored.has(id))
    const added = ids.filter((id) => !stored.has(id) && !foreign.has(id))
    for (const id of added) stored.add(id)
    return Promise.resolve(succeeded({ added, present }))
  })
}

test('a file of another user is added under ids of one’s own, once', async () => {
  const add = database()
  const planned = await planImport([todo('a', { id: one }), todo('b', { id: two })], target)
  assert.deepEqual(await add(planned), succeeded(1))
  assert.deepEqual(await add(planned), succeeded(0))
})

test('a problem is passed on', async () => {
  const add = addTodosOf('alice', () => Promise.resolve(failed('full')))
  assert.deepEqual(await add(await planImport([todo('a')], target)), failed('full'))
})
