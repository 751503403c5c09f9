/** What the changes of notes, due dates, places and many todos do to a list, and what undoes them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NOTES_MAX_LENGTH } from '@/db/queries/todos'
import { changeSchema, type Change } from './change'
import { inverse } from './inverse'
import { guess, settle, type List } from './list'
import { maxNotesLength } from './notes/max-notes-length'
import type { TodoQuery } from './query-schema'
import { todo } from './testing/todo'

const [one, two, three] = [todo('one', 'a1'), todo('two', 'a2'), todo('three', 'a3')]
const list: List = { todos: [one, two, three], counts: { active: 3, completed: 0 } }
const mine: TodoQuery = { view: { name: 'mine' }, filter: 'all' }
const after = (change: Change) => guess(list, change, mine.view)
const ids = (todos: readonly { id: string }[]) => todos.map(({ id }) => id).join(' ')
const before = new Map([one, two, three].map((each) => [each.id, each]))

describe('a moved todo', () => {
  const move = { type: 'move', id: 'one', position: 'a2V' } as const

  test('is at its new place at once, and after the answer; the others are the same objects', () => {
    assert.equal(ids(after(move).todos), 'two one three')
    assert.equal(after(move).todos[2], three)
    const page = { todos: [one, two, three], next: null, counts: list.counts }
    const { pages, isSure } = settle([page], mine, move, [{ ...one, position: 'a2V' }])
    assert.equal(ids(pages[0]?.todos ?? []), 'two one three')
    assert.ok(isSure)
  })

  test('goes back', () => {
    assert.deepEqual(inverse(move, before, []), [{ type: 'move', id: 'one', position: 'a1' }])
  })
})

describe('todos that are moved to another list', () => {
  const moved = ['two', 'three'].map((id) => ({ id, listId: 'other', position: 'a1' }))
  const change: Change = { type: 'move-many', moved }

  test('leave this one, whose counts follow', () => {
    const rows = [two, three].map((row) => ({ ...row, listId: 'other' }))
    const page = { todos: [one, two, three], next: null, counts: list.counts }
    const { pages } = settle([page], mine, change, rows)
    assert.equal(ids(pages[0]?.todos ?? []), 'one')
    assert.deepEqual(pages[0]?.counts, { active: 1, completed: 0 })
    assert.equal(after(change).todos[0], one)
  })

  test('come back to the places they had', () => {
    const some = new Map([...before].filter(([id]) => id !== 'one'))
    assert.deepEqual(inverse(change, some, []), [
      {
        type: 'move-many',
        moved: [
          { id: 'two', listId: null, position: 'a2' },
          { id: 'three', listId: null, position: 'a3' },
        ],
      },
    ])
  })
})

describe('a due date', () => {
  test('brings a todo into the views of its day, and out of them', () => {
    const today: TodoQuery = { view: { name: 'today', day: '2026-11-30' }, filter: 'all' }
    const row = { ...one, dueOn: '2026-11-30' }
    const change = { type: 'due', id: 'one', dueOn: '2026-11-30', dueTime: null } as const
    const page = { todos: [], next: null, counts: { active: 0, completed: 0 } }
    const shown = settle([page], today, change, [row])
    assert.equal(ids(shown.pages[0]?.todos ?? []), 'one')
    const gone = settle(shown.pages, today, { ...change, dueOn: null }, [one])
    assert.equal(ids(gone.pages[0]?.todos ?? []), '')
  })

  test('of several todos is undone to what each had', () => {
    const had = new Map([
      ['one', { ...one, dueOn: '2026-12-24' }],
      ['two', two],
      ['three', three],
    ])
    const change: Change = {
      type: 'due-many',
      ids: [...had.keys()],
      dueOn: '2026-11-30',
      dueTime: null,
    }
    assert.deepEqual(inverse(change, had, []), [
      { type: 'due-many', ids: ['one'], dueOn: '2026-12-24', dueTime: null },
      { type: 'due-many', ids: ['two', 'three'], dueOn: null, dueTime: null },
    ])
  })
})

test('todos that are added together show in their order, once, and are undone together', () => {
  const added = ['four', 'five'].map((id, index) => ({
    id,
    listId: null,
    task: id,
    notes: '',
    isComplete: index === 1,
    dueOn: null,
    dueTime: null,
    position: `a${index + 4}`,
  }))
  const change: Change = { type: 'add-many', todos: added }
  const shown = after(change)
  assert.equal(ids(shown.todos), 'one two three four five')
  assert.deepEqual(shown.counts, { active: 4, completed: 1 })
  assert.equal(guess(shown, change, mine.view).todos.length, 5)
  assert.deepEqual(inverse(change, new Map(), []), [{ type: 'delete-many', ids: ['four', 'five'] }])
})

test('notes have as many characters as the database keeps, and no more', () => {
  assert.equal(maxNotesLength, NOTES_MAX_LENGTH)
  const id = '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e'
  const accepts = (notes: string) => changeSchema.safeParse({ type: 'note', id, notes }).success
  assert.ok(accepts('🥛'.repeat(10_000)))
  assert.ok(!accepts('x'.repeat(10_001)))
})

test('a change that the database would refuse, or that is too much for it, is refused', () => {
  const id = '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e'
  for (const change of [
    { type: 'due', id, dueOn: 'tomorrow', dueTime: null },
    { type: 'due', id, dueOn: null, dueTime: '9am' },
    { type: 'move', id, position: 'x'.repeat(501) },
    { type: 'move-many', moved: [{ id, listId: 'mine', position: 'a1' }] },
    { type: 'clear-completed', view: { name: 'search', words: ['x'.repeat(300)] } },
  ]) {
    assert.ok(!changeSchema.safeParse(change).success, JSON.stringify(change).slice(0, 80))
  }
})
