import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../../dev/postgres/testing/test-database'
import { connect, seal } from '../testing/as-user'
import { ALICE, ALICES_TODO, BOB, layOutTodos } from '../testing/people'
import {
  addTodo,
  clearCompleted,
  deleteTodo,
  listTodos,
  renameTodo,
  setAllComplete,
  setTodoComplete,
  TASK_MAX_LENGTH,
} from './todos'

let database: TestDatabase
let owner: Client
let authenticator: Client

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
  authenticator = await connect(database.authenticatorUrl)
})

beforeEach(() => layOutTodos(owner))

after(async () => {
  await owner.end()
  await authenticator.end()
  await database.stop()
})

/** Runs queries as a user, in one transaction. */
async function as<T>(userId: string, work: (db: NodePgDatabase) => Promise<T>): Promise<T> {
  const token = seal(database.sessionKey, { sub: userId })
  await authenticator.query('begin')
  try {
    await authenticator.query(
      `select set_config('role', 'authenticated', true), set_config('auth.session_token', $1, true)`,
      [token],
    )
    const result = await work(drizzle(authenticator))
    await authenticator.query('commit')
    return result
  } catch (error) {
    await authenticator.query('rollback')
    throw error
  }
}

const tasksOf = async (userId: string) => (await as(userId, listTodos)).map((todo) => todo.task)

/** The database's own refusal, wherever Drizzle has put it. */
const refusedWith = (code: string) => (error: unknown) => {
  const cause = error instanceof Error && error.cause ? error.cause : error
  assert(cause instanceof Error && 'code' in cause)
  assert.equal(cause.code, code)
  return true
}

describe('the list', () => {
  test('has only the user’s own todos', async () => {
    assert.deepEqual(await tasksOf(BOB), ['42'])
    assert.equal((await tasksOf(ALICE)).length, 2)
    assert.deepEqual(await tasksOf('user_carol'), [])
  })

  test('shows new todos at the end', async () => {
    await as(BOB, (db) => addTodo(db, 'second'))
    await as(BOB, (db) => addTodo(db, 'third'))
    assert.deepEqual(await tasksOf(BOB), ['42', 'second', 'third'])
  })

  test('keeps its order when a todo changes', async () => {
    const second = await as(BOB, (db) => addTodo(db, 'second'))
    await as(BOB, (db) => addTodo(db, 'third'))
    await as(BOB, (db) => renameTodo(db, second.id, 'changed'))
    assert.deepEqual(await tasksOf(BOB), ['42', 'changed', 'third'])
  })
})

describe('adding', () => {
  test('makes the todo the user’s own, open and trimmed', async () => {
    const todo = await as(BOB, (db) => addTodo(db, '  \t Milk, eggs \n'))
    assert.deepEqual(todo, {
      id: todo.id,
      task: 'Milk, eggs',
      isComplete: false,
      insertedAt: todo.insertedAt,
    })
    assert.match(todo.insertedAt, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/)
    assert(!(await tasksOf(ALICE)).includes('Milk, eggs'))
  })

  test('takes 500 characters of any alphabet, and no more', async () => {
    await as(BOB, (db) => addTodo(db, 'ж'.repeat(TASK_MAX_LENGTH)))
    await as(BOB, (db) => addTodo(db, '🌱'.repeat(TASK_MAX_LENGTH)))
    await assert.rejects(
      as(BOB, (db) => addTodo(db, 'x'.repeat(TASK_MAX_LENGTH + 1))),
      refusedWith('23514'),
    )
  })

  for (const [name, task] of [
    ['nothing', ''],
    ['only spaces', ' \t\n '],
  ] as const) {
    test(`refuses ${name}`, () =>
      assert.rejects(
        as(BOB, (db) => addTodo(db, task)),
        refusedWith('23514'),
      ))
  }

  test('is refused without a user', () =>
    assert.rejects(
      as('', (db) => addTodo(db, 'whose?')),
      refusedWith('42501'),
    ))
})

describe('the database itself', () => {
  for (const task of [' x', 'x ', '\tx', 'x\n', '\rx', '   ', '']) {
    test(`refuses the task ${JSON.stringify(task)}`, () =>
      assert.rejects(
        owner.query('insert into todos (user_id, task) values ($1, $2)', [BOB, task]),
        refusedWith('23514'),
      ))
  }

  test('takes a task that begins or ends with any letter', async () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz\\') {
      await owner.query('insert into todos (user_id, task) values ($1, $2)', [BOB, letter])
    }
  })
})

describe('changing', () => {
  test('renames, trimmed', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, 'old'))
    const renamed = await as(BOB, (db) => renameTodo(db, id, ' new '))
    assert.equal(renamed?.task, 'new')
  })

  test('completes and reopens; doing it twice does no harm', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, 'x'))
    for (const isComplete of [true, true, false, false]) {
      const todo = await as(BOB, (db) => setTodoComplete(db, id, isComplete))
      assert.equal(todo?.isComplete, isComplete)
    }
  })

  test('completes all of the user’s todos, and only theirs', async () => {
    await as(BOB, (db) => addTodo(db, 'x'))
    assert.equal((await as(BOB, (db) => setAllComplete(db, true))).length, 2)
    assert((await as(BOB, listTodos)).every((todo) => todo.isComplete))
    assert((await as(ALICE, listTodos)).some((todo) => !todo.isComplete))
  })

  test('returns nothing for another user’s todo, as for a missing one', async () => {
    for (const id of [ALICES_TODO, '00000000-0000-4000-8000-000000000000']) {
      assert.equal(await as(BOB, (db) => renameTodo(db, id, 'stolen')), undefined)
      assert.equal(await as(BOB, (db) => setTodoComplete(db, id, true)), undefined)
      assert.equal(await as(BOB, (db) => deleteTodo(db, id)), undefined)
    }
    assert.equal((await tasksOf(ALICE)).length, 2)
  })
})

describe('removing', () => {
  test('deletes one todo', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, 'x'))
    assert.equal((await as(BOB, (db) => deleteTodo(db, id)))?.task, 'x')
    assert.deepEqual(await tasksOf(BOB), ['42'])
  })

  test('clears what the user has completed, and only that', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, 'done'))
    await as(BOB, (db) => setTodoComplete(db, id, true))
    const cleared = await as(BOB, clearCompleted)
    assert.deepEqual(
      cleared.map((todo) => todo.task),
      ['done'],
    )
    assert.deepEqual(await tasksOf(BOB), ['42'])
    assert((await as(ALICE, listTodos)).some((todo) => todo.isComplete))
  })
})
