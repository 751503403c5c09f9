import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Todo } from '@/db/queries/todos'
import { inverse } from './inverse'
import { todo as alicesTodo } from './testing/todo'

const todo = (id: string) => ({
  ...alicesTodo(id, 'a1', { notesStart: 'with', dueOn: '2026-01-31', dueTime: '09:00:00' }),
  notes: 'with notes',
})
const none = new Map<string, Todo>()

test('a deleted todo is put back with all that it had', () => {
  const milk = todo('milk')
  assert.deepEqual(inverse({ type: 'delete', id: 'milk' }, none, [milk]), [
    { type: 'restore', todos: [milk] },
  ])
})

test('many todos are put back in parts that fit into a request', () => {
  const rows = Array.from({ length: 450 }, (_, i) => todo(`todo ${i}`))
  const changes = inverse({ type: 'clear-completed', view: { name: 'mine' } }, none, rows)
  const sizes = changes.map((change) => (change.type === 'restore' ? change.todos.length : 0))
  assert.deepEqual(sizes, [250, 200])
  const long = rows.map((row) => ({ ...row, notes: 'x'.repeat(10_000) }))
  const parts = inverse({ type: 'delete-many', ids: [] }, none, long)
  for (const part of parts) assert.ok(JSON.stringify(part).length < 1_000_000)
  assert.deepEqual(
    parts.flatMap((part) => (part.type === 'restore' ? part.todos : [])),
    long,
  )
})

test('marking all is undone for those that it changed, and for no others', () => {
  const mark = { type: 'complete-all', view: { name: 'mine' }, isComplete: true } as const
  assert.deepEqual(inverse(mark, none, [todo('milk')]), [
    { type: 'complete-many', ids: ['milk'], isComplete: false },
  ])
  assert.deepEqual(inverse(mark, none, []), [])
})

test('a renamed todo gets its old text', () => {
  const before = new Map([['milk', todo('milk')]])
  assert.deepEqual(inverse({ type: 'rename', id: 'milk', task: 'bread' }, before, []), [
    { type: 'rename', id: 'milk', task: 'milk' },
  ])
})
