import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byTodo } from './reported'

const todo = (id: string) => ({ id, task: id, notes: '', addedBy: 'alice', hiddenAt: null })
const report = (id: string, of: string) => ({
  id,
  reason: '',
  reportedBy: 'bob',
  reportedAt: '2026-01-31 09:00:00+00',
  todo: todo(of),
})

test('all reports of a todo stand together, in the order of the newest one', () => {
  const grouped = byTodo([report('3', 'b'), report('2', 'a'), report('1', 'b')])
  assert.deepEqual(
    grouped.map(({ todo, reports }) => [todo.id, reports.map(({ id }) => id)]),
    [
      ['b', ['3', '1']],
      ['a', ['2']],
    ],
  )
})
