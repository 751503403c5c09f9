import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Todo } from '@/db/queries/todos'
import type { Change } from './change'
import { createIdsOf, guess, settle, withSaved, type List } from './list'
import type { TodoPage } from './query'
import type { TodoQuery } from './query-schema'
import { todo } from './testing/todo'

const milk = todo('milk', 'a1')
const rent = todo('rent', 'a3', { isComplete: true })
const mine: TodoQuery = { view: { name: 'mine' }, filter: 'all' }
const list: List = { todos: [milk, rent], counts: { active: 1, completed: 1 } }
const after = (change: Change, before = list) => guess(before, change, mine.view)
const idsOf = ({ todos }: Pick<List, 'todos'>) => todos.map(({ id }) => id)

describe('before the database has answered', () => {
  test('a new todo shows at the end, once', () => {
    const add = { type: 'add', id: 'bob', listId: null, task: 'Call Bob' } as const
    const added = after(add)
    assert.deepEqual(idsOf(added), ['milk', 'rent', 'bob'])
    assert.equal(added.todos.at(-1)?.isPending, true)
    assert.deepEqual(added.counts, { active: 2, completed: 1 })
    assert.deepEqual(after(add, added), added)
  })

  test('a new todo of another list does not show', () => {
    assert.deepEqual(after({ type: 'add', id: 'x', listId: 'other', task: 'x' }).todos, list.todos)
  })

  test('a state is set, whatever it was', () => {
    const complete = { type: 'complete', id: 'rent', isComplete: true } as const
    assert.deepEqual(after(complete).counts, list.counts)
    assert.deepEqual(after({ ...complete, id: 'milk' }).counts, { active: 0, completed: 2 })
  })

  test('a todo that does not change stays the same object, so that its row is not rendered', () => {
    const { todos } = after({ type: 'complete', id: 'milk', isComplete: true })
    assert.equal(todos[1], rent)
  })

  test('marking and clearing all count what is not loaded, too', () => {
    const long: List = { todos: [milk, rent], counts: { active: 3_000, completed: 2_000 } }
    const marked = after({ type: 'complete-all', view: mine.view, isComplete: true }, long)
    assert.deepEqual(marked.counts, { active: 0, completed: 5_000 })
    const cleared = after({ type: 'clear-completed', view: mine.view }, long)
    assert.deepEqual(cleared.counts, { active: 3_000, completed: 0 })
    assert.deepEqual(idsOf(cleared), ['milk'])
  })

  test('a restored todo returns to its place', () => {
    const bread = { ...todo('bread', 'a2'), notes: 'sourdough' }
    const restored = after({ type: 'restore', todos: [bread] })
    assert.deepEqual(idsOf(restored), ['milk', 'bread', 'rent'])
    assert.equal(restored.todos[1]?.notesStart, 'sourdough')
  })
})

describe('with the database’s answer', () => {
  const page = (todos: Todo[], next: TodoPage['next'] = null): TodoPage => ({
    todos,
    next,
    counts: { active: 1, completed: 1 },
  })
  const settled = (change: Change, rows: Todo[], pages = [page([milk, rent])], query = mine) => {
    const { pages: result, isSure } = settle(pages, query, change, rows)
    return { ids: result.map(idsOf), counts: result[0]?.counts, isSure, todos: result[0]?.todos }
  }

  test('the row replaces what was there', () => {
    const row = { ...milk, task: 'Buy oat milk' }
    const { todos } = settled({ type: 'rename', id: 'milk', task: row.task }, [row])
    assert.deepEqual(todos, [row, rent])
  })

  test('a new todo is inserted and counted', () => {
    const bob = todo('bob', 'a5')
    const change = { type: 'add', id: 'bob', listId: null, task: 'bob' } as const
    assert.deepEqual(settled(change, [bob]).ids, [['milk', 'rent', 'bob']])
    assert.deepEqual(settled(change, [bob]).counts, { active: 2, completed: 1 })
  })

  test('a new todo behind the loaded pages is only counted', () => {
    const bob = todo('bob', 'a5')
    const pages = [page([milk, rent], rent)]
    const change = { type: 'add', id: 'bob', listId: null, task: 'bob' } as const
    const { ids, counts, isSure } = settled(change, [bob], pages)
    assert.deepEqual([ids, counts, isSure], [[['milk', 'rent']], { active: 2, completed: 1 }, true])
  })

  test('only what was deleted disappears, and deleting what is gone does, too', () => {
    const clear = { type: 'clear-completed', view: mine.view } as const
    assert.deepEqual(settled(clear, [rent]).ids, [['milk']])
    assert.deepEqual(settled(clear, [rent]).counts, { active: 1, completed: 0 })
    assert.deepEqual(settled({ type: 'delete', id: 'milk' }, []).ids, [['rent']])
  })

  test('a moved todo stands where it was put, on whichever page', () => {
    const pages = [page([milk, rent], rent), page([todo('bob', 'a5')])]
    const moved = { ...milk, position: 'a6' }
    const change = { type: 'complete', id: 'milk', isComplete: false } as const
    assert.deepEqual(settled(change, [moved], pages).ids, [['rent'], ['bob', 'milk']])
  })

  test('a todo leaves and enters a filtered list', () => {
    const active: TodoQuery = { ...mine, filter: 'active' }
    const done = { ...milk, isComplete: true }
    const complete = { type: 'complete', id: 'milk', isComplete: true } as const
    assert.deepEqual(settled(complete, [done], [page([milk])], active).ids, [[]])
    const reopen = { type: 'complete', id: 'rent', isComplete: false } as const
    const { ids } = settled(reopen, [{ ...rent, isComplete: false }], [page([milk])], active)
    assert.deepEqual(ids, [['milk', 'rent']])
  })

  test('a page on which nothing changes keeps its array, counts apart', () => {
    const pages = [page([milk], milk), page([rent])]
    const done = { ...milk, isComplete: true }
    const change = { type: 'complete', id: 'milk', isComplete: true } as const
    const [first, second] = settle(pages, mine, change, [done]).pages
    assert.deepEqual(first?.todos, [done])
    assert.equal(second?.todos, pages[1]?.todos)
    assert.deepEqual(second?.counts, { active: 0, completed: 2 })
  })

  test('counts that cannot be known are read again', () => {
    const change: Change = { type: 'complete-many', ids: ['far'], isComplete: true }
    assert.equal(settled(change, [todo('far', 'b1')], [page([milk], milk)]).isSure, false)
  })
})

describe('an answer that comes by itself', () => {
  const bob = todo('bob', 'a5')
  const add = { type: 'add', id: 'bob', listId: null, task: 'bob' } as const
  const complete = { type: 'complete', id: 'milk', isComplete: true } as const
  const done = { ...milk, isComplete: true }
  const saved = [
    { change: add, rows: [bob] },
    { change: complete, rows: [done] },
    { change: { type: 'delete', id: 'rent' } as const, rows: [rent] },
  ]
  const answer = (todos: Todo[], active: number, completed: number): TodoPage => ({
    todos,
    next: null,
    counts: { active, completed },
  })

  test('from before what was saved here does not take it back', () => {
    const [shown] = withSaved(answer([milk, rent], 1, 1), mine, saved)
    assert.deepEqual(shown?.todos, [done, bob])
  })

  test('from after it stays as it is, counts included', () => {
    for (const fresh of [answer([done, bob], 1, 1), answer([done, todo('eve', 'a2'), bob], 2, 1)]) {
      assert.deepEqual(withSaved(fresh, mine, saved), [fresh])
    }
  })

  test('from after it stays as it is also where a filter hides what was added', () => {
    const fresh = answer([done], 1, 1)
    assert.deepEqual(withSaved(fresh, { ...mine, filter: 'completed' }, saved), [fresh])
  })
})

test('ids are the same array until a todo comes, goes or moves', () => {
  const ids = createIdsOf()
  const before = ids([milk, rent])
  assert.deepEqual(before, ['milk', 'rent'])
  assert.equal(ids([{ ...milk, isComplete: true }, rent]), before)
  assert.deepEqual(ids([rent, milk]), ['rent', 'milk'])
  assert.deepEqual(ids([rent]), ['rent'])
})
