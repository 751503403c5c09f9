import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { startTestProxy, type TestProxy } from '../../proxy/test/testing/proxy'
import * as queries from './todos'

const MINE = { name: 'mine' } as const

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy(
    { env: { PROXY_ALLOWLIST: 'db/queries.allowlist' } },
    startTestDatabase,
  )
  process.env.NEXT_PUBLIC_SQL_URL = proxy.sqlUrl
  process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL = proxy.connectionString
})
after(() => proxy.stop())

test('every query of the application is on the recorded list', async () => {
  // Once the variables are set, which it reads once.
  const { browserDb } = await import('../../lib/sql/browser-db')
  const db = browserDb(await proxy.issuer.token('alice'))
  const milk = await queries.addTodo(db, { id: randomUUID(), listId: null, task: 'Buy milk' })
  await queries.addTodo(db, { id: randomUUID(), listId: null, task: 'Call Bob' })
  await queries.renameTodo(db, milk.id, 'Buy bread')
  await queries.setTodoComplete(db, milk.id, true)
  await queries.setTodoNotes(db, milk.id, 'x'.repeat(200))
  assert.equal(await queries.notesOf(db, milk.id), 'x'.repeat(200))
  assert.equal((await queries.todosOf(db, MINE, { limit: 22 })).length, 2)
  assert.deepEqual(await queries.countTodos(db, MINE), { active: 1, completed: 1 })
  assert.equal((await queries.clearCompleted(db, MINE)).length, 1)
  assert.equal((await queries.setAllComplete(db, true, MINE)).length, 1)
  for (const { id } of await queries.todosOf(db, MINE, { limit: 22 })) {
    await queries.deleteTodo(db, id)
  }
  assert.deepEqual(await queries.todosOf(db, MINE, { limit: 22 }), [])
})

test('no other statement runs, alone or in a batch, and such a batch has no effect', async () => {
  for (const query of ['select * from todos', 'select count(*) from todos', 'select 1']) {
    const { status, headers, json } = await proxy.post({ query, params: [] })
    assert.equal(status, 400)
    assert.equal(headers.get('proxy-error-code'), 'statement_not_listed')
    assert.match(String(json.message), /it is not on the list of allowed statements/)
    assert.match(String(json.hint), /npm run proxy:allowlist/)
  }
  // In Drizzle's spelling.
  const add = {
    query:
      'insert into "todos" ("id", "user_id", "task", "is_complete", "inserted_at", "list_id", "notes", "due_on", "due_time", "position", "hidden_at") values ($1, default, $2, default, default, $3, default, default, default, default, default) on conflict do nothing returning "id", "user_id", "task", "is_complete", "inserted_at", "list_id", "due_on", "due_time", "position", "hidden_at", left("notes", 100) as "notes_start"',
    params: [randomUUID(), 'Buy milk', null],
  }
  assert.equal((await proxy.post(add)).status, 200)
  const batch = await proxy.post({ queries: [add, { query: 'delete from todos', params: [] }] })
  assert.equal(batch.headers.get('proxy-error-code'), 'statement_not_listed')
  assert.deepEqual(await proxy.asOwner('select count(*)::int as todos from todos'), [{ todos: 1 }])
})
