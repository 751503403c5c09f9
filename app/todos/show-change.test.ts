import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Todo } from '@/db/queries/todos'
import { settle, guess } from './show-change'

const todo = (id: string, task: string, isComplete: boolean): Todo => ({
  id,
  userId: 'alice',
  listId: null,
  task,
  isComplete,
  notes: '',
  dueOn: null,
  dueTime: null,
  position: 'a0',
  insertedAt: '2026-01-01',
  hiddenAt: null,
})
const milk = todo('milk', 'Buy milk', false)
const rent = todo('rent', 'Pay rent', true)
const tasks = (todos: Todo[]) => todos.map(({ task }) => task)

test('a new todo shows at the end immediately, and cannot be changed yet', () => {
  const added = guess([milk], { type: 'add', task: 'Call Bob' })
  assert.deepEqual(tasks(added), ['Buy milk', 'Call Bob'])
  assert.equal(added.at(-1)?.isPending, true)
})

test('two unsaved new todos are not confused', () => {
  const one = guess([milk], { type: 'add', task: 'Call Bob' })
  const ids = guess(one, { type: 'add', task: 'Call Bob' }).map(({ id }) => id)
  assert.equal(new Set(ids).size, 3)
})

test('the new state is shown, whatever the old one was', () => {
  const complete = guess([milk, rent], { type: 'complete', id: 'rent', isComplete: true })
  assert.equal(complete[1]?.isComplete, true)
  const all = guess([milk, rent], { type: 'complete-all', isComplete: true })
  assert.ok(all.every(({ isComplete }) => isComplete))
})

test('clearing removes completed todos and leaves the others', () => {
  assert.deepEqual(guess([milk, rent], { type: 'clear-completed' }), [milk])
})

test('the database’s answer replaces the guess', () => {
  const row = { ...milk, task: 'Buy oat milk' }
  const change = { type: 'rename', id: 'milk', task: ' Buy oat milk ' } as const
  assert.deepEqual(settle([milk, rent], change, [row]), [row, rent])
})

test('only rows that the database deleted disappear', () => {
  assert.deepEqual(settle([milk, rent], { type: 'clear-completed' }, [rent]), [milk])
})
