/** A list of the longest notes still fits into the answers of the SQL proxy, in pages and in an export. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { connectInBrowser } from '../../lib/sql/connect-in-browser'
import { startTestProxy, type TestProxy } from '../../proxy/test/testing/proxy'
import { notesOf, todosOf, wholeTodosOf } from './todos'

const MINE = { name: 'mine' } as const

let proxy: TestProxy
let alice: ReturnType<ReturnType<typeof connectInBrowser>>
before(async () => {
  proxy = await startTestProxy({}, startTestDatabase)
  await proxy.asOwner(
    `insert into todos (user_id, task, notes)
     select 'alice', 'Todo ' || i, repeat('🥛', 10000) from generate_series(1, 1000) as i`,
  )
  const userDb = connectInBrowser({ databaseUrl: proxy.connectionString, sqlUrl: proxy.sqlUrl })
  alice = userDb(await proxy.issuer.token('alice'))
})
after(() => proxy.stop())

test('a page of 1,000 todos has all of them, and their notes are read one by one', async () => {
  const page = await todosOf(alice, MINE, { limit: 1_000 })
  assert.equal(page.length, 1_000)
  assert.equal(await notesOf(alice, page[0]?.id ?? ''), '🥛'.repeat(10_000))
})

test('1,000 todos with all their notes are more than an answer may hold; 100 are not', async () => {
  await assert.rejects(wholeTodosOf(alice, MINE, { limit: 1_000 }))
  assert.equal((await wholeTodosOf(alice, MINE, { limit: 100 })).length, 100)
})
