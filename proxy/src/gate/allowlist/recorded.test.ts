import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/neon-http'
import * as queries from '../../../../db/queries/todos'
import { startTestProxy, type TestProxy } from '../../../test/testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_ALLOWLIST: 'db/queries.allowlist' } })
  neonConfig.fetchEndpoint = proxy.sqlUrl
})
after(() => proxy.stop())

test('every query of the application is on the recorded list', async () => {
  const sql = neon(proxy.connectionString, { authToken: () => proxy.issuer.token('alice') })
  const db = drizzle(sql)
  const milk = await queries.addTodo(db, { task: 'Buy milk' })
  await queries.addTodo(db, { task: 'Call Bob' })
  await queries.renameTodo(db, milk.id, 'Buy bread')
  await queries.setTodoComplete(db, milk.id, true)
  assert.equal((await queries.listTodos(db)).length, 2)
  assert.equal((await queries.clearCompleted(db)).length, 1)
  assert.equal((await queries.setAllComplete(db, true)).length, 1)
  for (const { id } of await queries.listTodos(db)) await queries.deleteTodo(db, id)
  assert.deepEqual(await queries.listTodos(db), [])
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
      'insert into "todos" ("id", "user_id", "task", "is_complete", "inserted_at", "list_id", "notes", "due_on", "due_time", "position", "hidden_at") values (default, default, $1, default, default, default, default, default, default, default, default) on conflict do nothing returning "id", "user_id", "task", "is_complete", "inserted_at", "list_id", "notes", "due_on", "due_time", "position", "hidden_at"',
    params: ['Buy milk'],
  }
  assert.equal((await proxy.post(add)).status, 200)
  const batch = await proxy.post({ queries: [add, { query: 'delete from todos', params: [] }] })
  assert.equal(batch.headers.get('proxy-error-code'), 'statement_not_listed')
  assert.deepEqual(await proxy.asOwner('select count(*)::int as todos from todos'), [{ todos: 1 }])
})
