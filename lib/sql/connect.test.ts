/** Whatever is called on a user's database, it runs as that user, and means the same with either driver. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { countTodos, todosOf } from '../../db/queries/todos'
import { todos } from '../../db/schema'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { startTestProxy, type TestProxy } from '../../proxy/test/testing/proxy'
import { connect } from './connect'
import { connectInBrowser } from './connect-in-browser'
import type { SentStatement } from './sent-statement'
import { sqlProblem } from './sql-problem'
import type { Addresses, Connect } from './user-database'

let proxy: TestProxy
let token: { alice: string; bob: string }
let addresses: Addresses
before(async () => {
  proxy = await startTestProxy({}, startTestDatabase)
  addresses = { databaseUrl: proxy.connectionString, sqlUrl: proxy.sqlUrl }
  token = { alice: await proxy.issuer.token('alice'), bob: await proxy.issuer.token('bob') }
})
after(() => proxy.stop())

const task = (text: string) => ({ task: text })

test('a batch is one transaction of the user, whose results have their types', async () => {
  const userDb = connect(addresses)
  const [alice, bob] = [userDb(token.alice), userDb(token.bob)]
  const [[added], listed, { rows }] = await alice.batch([
    alice.insert(todos).values(task('in a batch')).returning(),
    alice.select({ task: todos.task }).from(todos),
    alice.execute<{ who: string }>(sql`select auth.user_id() as who`),
  ])
  assert.equal(added?.userId, 'alice')
  assert.deepEqual(
    listed.map(({ task }) => task.toUpperCase()),
    ['IN A BATCH'],
  )
  assert.deepEqual(rows, [{ who: 'alice' }])
  assert.deepEqual(await bob.batch([bob.select().from(todos)]), [[]])
})

test('a batch with a failing statement has no effect', async () => {
  const alice = connect(addresses)(token.alice)
  const before = await alice.$count(todos)
  await assert.rejects(
    alice.batch([
      alice.insert(todos).values(task('not to stay')),
      alice.insert(todos).values(task('x'.repeat(10_000))),
    ]),
  )
  assert.equal(await alice.$count(todos), before)
})

const drivers: [string, (to: Addresses) => Connect][] = [
  ['on a server', connect],
  ['in a browser', connectInBrowser],
]

for (const [where, connectThere] of drivers) {
  test(`${where}, an observer is told of its own user’s statements, also of those that fail`, async () => {
    const userDb = connectThere(addresses)
    const heard: SentStatement[] = []
    const alice = userDb(token.alice, (statement) => heard.push(statement))
    await alice.insert(todos).values(task('observed'))
    await userDb(token.bob).insert(todos).values(task('not observed'))
    await assert.rejects(alice.select({ no: sql`no_such_column` }).from(todos))
    assert.deepEqual(
      heard.map((statement) => statement.sql.split(' ', 1)[0]),
      ['insert', 'select'],
    )
    assert.ok(heard[0]?.params.includes('observed'))
    for (const { ms } of heard) assert.ok(ms > 0 && ms < 10_000)
  })

  test(`${where}, databases of two users that are used alternately keep their users`, async () => {
    const userDb = connectThere(addresses)
    const [alice, bob] = [userDb(token.alice), userDb(token.bob)]
    const who = async (db: typeof alice) =>
      (await db.insert(todos).values(task('whose')).returning({ who: todos.userId }))[0]?.who
    const told = await Promise.all(Array.from({ length: 20 }, (_, i) => who(i % 2 ? bob : alice)))
    assert.deepEqual(
      told,
      told.map((_, i) => (i % 2 ? 'bob' : 'alice')),
    )
  })

  test(`${where}, a failure says what is wrong`, async () => {
    const userDb = connectThere(addresses)
    const alice = userDb(token.alice)
    const problemOf = (attempt: Promise<unknown>) => attempt.then(() => null, sqlProblem)
    assert.equal(await problemOf(alice.insert(todos).values(task('x'.repeat(501)))), 'invalid-task')
    assert.equal(
      await problemOf(alice.update(todos).set({ userId: 'bob' }).where(eq(todos.task, 'x'))),
      'refused',
    )
    assert.equal(await problemOf(userDb('x.y.z').select().from(todos)), 'signed-out')
    const nowhere = connectThere({ ...addresses, sqlUrl: 'http://localhost:1/sql' })
    assert.equal(await problemOf(nowhere(token.alice).select().from(todos)), 'unreachable')
  })
}

test('both drivers take and give the same values', async () => {
  const databases = drivers.map(([, connectThere]) => connectThere(addresses)(token.alice))
  const browser = connectInBrowser(addresses)(token.alice)
  const whole = {
    notes: 'a "quoted" \\ line\nand 漢字',
    dueOn: '2026-12-04',
    dueTime: '09:00',
    isComplete: true,
  }
  await browser.insert(todos).values({ ...task('all "columns"'), ...whole })
  const view = { name: 'search', words: ['"quoted"', '漢字', '\\'] } as const
  const found = await Promise.all(databases.map((db) => todosOf(db, view, { limit: 5 })))
  assert.equal(found[0]?.[0]?.notesStart, whole.notes)
  assert.equal(found[0][0].isComplete, true)
  assert.match(found[0][0].insertedAt, /^\d{4}-\d\d-\d\d \d\d:\d\d/)
  assert.deepEqual(found[1], found[0])
  const counts = await Promise.all(databases.map((db) => countTodos(db, view)))
  assert.deepEqual(counts, [
    { active: 0, completed: 1 },
    { active: 0, completed: 1 },
  ])
})
