/** A list of the longest notes still fits into the answers of the SQL proxy, in pages and in an export. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { connectInBrowser } from '../../lib/sql/connect-in-browser'
import { startTestProxy, type TestProxy } from '../../proxy/test/testing/proxy'
import { isLastPart } from './deletion-part'
import {
  clearCompleted,
  deleteTodos,
  notesOf,
  setAllComplete,
  todosOf,
  wholeTodosOf,
} from './todos'

const MINE = { name: 'mine' } as const

let proxy: TestProxy
let alice: ReturnType<ReturnType<typeof connectInBrowser>>
before(async () => {
  proxy = await startTestProxy({}, startTestDatabase)
  await give()
  const userDb = connectInBrowser({ databaseUrl: proxy.connectionString, sqlUrl: proxy.sqlUrl })
  alice = userDb(await proxy.issuer.token('alice'))
})
after(() => proxy.stop())

async function give() {
  await proxy.asOwner('delete from todos')
  await proxy.asOwner(
    `insert into todos (user_id, task, notes)
     select 'alice', 'Todo ' || i, repeat('🥛', 10000) from generate_series(1, 1000) as i`,
  )
}

test('a page of 1,000 todos has all of them, and their notes are read one by one', async () => {
  const page = await todosOf(alice, MINE, { limit: 1_000 })
  assert.equal(page.length, 1_000)
  assert.equal(await notesOf(alice, page[0]?.id ?? ''), '🥛'.repeat(10_000))
})

test('1,000 todos with all their notes are more than an answer may hold; 100 are not', async () => {
  await assert.rejects(wholeTodosOf(alice, MINE, { limit: 1_000 }))
  assert.equal((await wholeTodosOf(alice, MINE, { limit: 100 })).length, 100)
})

for (const [how, remove] of [
  ['by their ids', (ids: string[]) => deleteTodos(alice, ids)],
  ['as completed', () => clearCompleted(alice, MINE)],
] as const) {
  test(`1,000 todos are deleted ${how} in parts, with all their notes in the answers`, async () => {
    await give()
    await setAllComplete(alice, true, MINE)
    const ids = (await todosOf(alice, MINE, { limit: 1_000 })).map(({ id }) => id)
    const deleted = new Map<string, string>()
    let isLast = false
    for (let part = 1; !isLast; part++) {
      assert.ok(part <= 15, 'each part has about a hundred todos')
      const rows = await remove(ids)
      for (const { id, notes } of rows) deleted.set(id, notes)
      isLast = isLastPart(rows)
    }
    assert.deepEqual([...deleted.keys()].sort(), ids.sort())
    assert.deepEqual(new Set(deleted.values()), new Set(['🥛'.repeat(10_000)]))
    assert.deepEqual(await todosOf(alice, MINE, { limit: 1 }), [])
  })
}
