import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { queryAs, seal } from '../../proxy/test/testing/as-user'
import { ALICE, ALICES_TODO, BOB, layOutTodos } from '../testing/people'
import { createList } from './lists'
import { findTodos, moveTodos, setDueOfTodos } from './many-todos'
import { isWhole, startOf } from './notes-start'
import { addTodo, insertTodos, listTodos, todosOf, type WholeTodo } from './todos'
import { openDatabase, type OpenDatabase } from '../testing/open-database'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']

before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
})

beforeEach(() => layOutTodos(owner))

after(async () => {
  await close()
})

const as = <T>(userId: string, work: (db: NodePgDatabase) => Promise<T>) =>
  queryAs(
    authenticator,
    { role: 'authenticated', token: seal(database.sessionKey, { sub: userId }) },
    work,
  )

const added = (task: string, more: Partial<WholeTodo> = {}): WholeTodo => ({
  id: randomUUID(),
  listId: null,
  task,
  notes: '',
  isComplete: false,
  dueOn: null,
  dueTime: null,
  position: 'z00000000000000000000000001',
  ...more,
})
const tasks = (rows: readonly { task: string }[]) => rows.map(({ task }) => task)

describe('adding many', () => {
  test('keeps every column and the order, and makes them the user’s own', async () => {
    const todos = [
      added('one', { position: 'zV', notes: 'a\nb', isComplete: true }),
      added('two “quoted” 🥛', { position: 'zW', dueOn: '2026-12-24', dueTime: '09:30' }),
    ].map((todo, index) => ({ ...todo, position: `m000000000000${index + 1}` }))
    const rows = await as(BOB, (db) => insertTodos(db, todos))
    assert.deepEqual(
      rows.map(({ userId, insertedAt, hiddenAt, ...row }) => {
        assert.equal(userId, BOB)
        assert.match(insertedAt, /^\d{4}-/)
        assert.equal(hiddenAt, null)
        return row
      }),
      todos.map(({ notes, ...todo }) => ({
        ...todo,
        notesStart: notes,
        dueTime: todo.dueTime && `${todo.dueTime}:00`,
      })),
    )
  })

  test('twice adds nothing the second time, and one new among old adds one', async () => {
    const old = added('old', { position: 'a1' })
    await as(BOB, (db) => insertTodos(db, [old]))
    assert.deepEqual(await as(BOB, (db) => insertTodos(db, [old])), [])
    const rows = await as(BOB, (db) => insertTodos(db, [old, added('new', { position: 'a2' })]))
    assert.deepEqual(tasks(rows), ['new'])
  })

  test('with the id of another user’s todo adds nothing, and shows nothing of it', async () => {
    const stolen = added('mine now', { id: ALICES_TODO, position: 'a1' })
    assert.deepEqual(await as(BOB, (db) => insertTodos(db, [stolen])), [])
    assert.deepEqual(await as(BOB, (db) => findTodos(db, [ALICES_TODO])), [])
    assert.equal((await as(ALICE, (db) => findTodos(db, [ALICES_TODO]))).length, 1)
  })

  test('is refused whole if one is refused', async () => {
    const bad = added('x'.repeat(501), { position: 'a1' })
    await assert.rejects(as(BOB, (db) => insertTodos(db, [added('good', { position: 'a2' }), bad])))
    assert.ok(!tasks(await as(BOB, listTodos)).includes('good'))
  })

  test('to a list of others is refused', async () => {
    const listId = randomUUID()
    await as(ALICE, (db) => createList(db, { id: listId, name: 'Alice’s' }))
    await assert.rejects(as(BOB, (db) => insertTodos(db, [added('x', { listId, position: 'a1' })])))
  })
})

describe('changing many', () => {
  test('gives a day to those that are named, and nobody else’s', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, { task: 'x' }))
    const due = { dueOn: '2026-12-24', dueTime: null }
    const rows = await as(BOB, (db) => setDueOfTodos(db, [id, ALICES_TODO], due))
    assert.deepEqual(tasks(rows), ['x'])
    assert.equal(rows[0]?.dueOn, '2026-12-24')
    const [alices] = await as(ALICE, (db) => findTodos(db, [ALICES_TODO]))
    assert.equal(alices?.dueOn, null)
  })

  test('moves them to another list, each to its place, in one statement', async () => {
    const listId = randomUUID()
    await as(BOB, (db) => createList(db, { id: listId, name: 'Bob’s' }))
    const one = await as(BOB, (db) => addTodo(db, { task: 'one' }))
    const two = await as(BOB, (db) => addTodo(db, { task: 'two' }))
    const rows = await as(BOB, (db) =>
      moveTodos(db, [
        { id: one.id, listId, position: 'a2' },
        { id: two.id, listId, position: 'a1' },
        { id: ALICES_TODO, listId, position: 'a3' },
      ]),
    )
    assert.equal(rows.length, 2)
    const moved = await as(BOB, (db) => todosOf(db, { name: 'list', listId }, { limit: 10 }))
    assert.deepEqual(tasks(moved), ['two', 'one'])
  })
})

describe('searching', () => {
  const found = async (...words: string[]) =>
    tasks(await as(BOB, (db) => todosOf(db, { name: 'search', words }, { limit: 10 })))

  test('finds what has all the words, in its text or its notes, in any case', async () => {
    await as(BOB, (db) =>
      insertTodos(db, [
        added('Buy Oat Milk', { position: 'a1' }),
        added('Call Ann', { notes: 'about\nmilk', position: 'a2' }),
      ]),
    )
    assert.deepEqual(await found('milk'), ['Buy Oat Milk', 'Call Ann'])
    assert.deepEqual(await found('MILK', 'oat'), ['Buy Oat Milk'])
    assert.deepEqual(await found('milk', 'ann'), ['Call Ann'])
    assert.equal((await found()).length, 3)
  })

  test('finds what stands at the end of long notes, of which a list has the beginning', async () => {
    const notes = `${'🥛'.repeat(9_000)} at the end`
    await as(BOB, (db) => insertTodos(db, [added('Long', { notes, position: 'a1' })]))
    const [row] = await as(BOB, (db) =>
      todosOf(db, { name: 'search', words: ['end'] }, { limit: 10 }),
    )
    assert.equal(row?.notesStart, startOf(notes))
    assert.deepEqual([isWhole(row.notesStart), isWhole('🥛'.repeat(99))], [false, true])
  })

  test('takes wildcards, quotes and backslashes as they are', async () => {
    const texts = ['100%', 'a_b', String.raw`c\d`, `it's "so"`, '{x,y}']
    const todos = texts.map((task, index) => added(task, { position: `a${index + 1}` }))
    await as(BOB, (db) => insertTodos(db, [...todos, added('axb', { position: 'a9' })]))
    for (const text of texts) assert.deepEqual(await found(text), [text])
    assert.deepEqual(await found('%'), ['100%'])
    assert.deepEqual(await found('_'), ['a_b'])
  })

  test('finds nobody else’s', async () => {
    assert.deepEqual(await found('alice'), [])
  })
})
