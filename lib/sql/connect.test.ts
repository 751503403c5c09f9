/** Whatever is called on a user's database, it runs as that user. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { todos } from '../../db/schema'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { startTestProxy, type TestProxy } from '../../proxy/test/testing/proxy'
import type { UserDatabase } from './connect'
import type { Observe, SentStatement } from './sent-statement'

let proxy: TestProxy
/** As `serverDb` and `browserDb` are made. */
let userDb: (token: string, observe?: Observe) => UserDatabase
let alice: UserDatabase
let bob: UserDatabase
before(async () => {
  proxy = await startTestProxy({}, startTestDatabase)
  process.env.NEXT_PUBLIC_SQL_URL = proxy.sqlUrl
  process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL = proxy.connectionString
  // After the variables are set, which it reads once.
  ;({ browserDb: userDb } = await import('./browser-db'))
  alice = userDb(await proxy.issuer.token('alice'))
  bob = userDb(await proxy.issuer.token('bob'))
})
after(() => proxy.stop())

const task = (text: string) => ({ task: text })

test('a batch is one transaction of the user, whose results have their types', async () => {
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
  const before = await alice.$count(todos)
  await assert.rejects(
    alice.batch([
      alice.insert(todos).values(task('not to stay')),
      alice.insert(todos).values(task('x'.repeat(10_000))),
    ]),
  )
  assert.equal(await alice.$count(todos), before)
})

test('an observer is told of its own user’s statements, also of those that fail', async () => {
  const heard: SentStatement[] = []
  const observed = userDb(await proxy.issuer.token('alice'), (statement) => heard.push(statement))
  await observed.insert(todos).values(task('observed'))
  await bob.insert(todos).values(task('not observed'))
  await assert.rejects(observed.execute(sql`select * from nothing_of_that_name`))
  assert.deepEqual(
    heard.map((statement) => statement.sql.split(' ', 2).join(' ')),
    ['insert into', 'select *'],
  )
  assert.ok(heard[0]?.params.includes('observed'))
  for (const { ms } of heard) assert.ok(ms > 0 && ms < 10_000)
})

test('databases of two users that are used alternately keep their users', async () => {
  const who = async (db: UserDatabase) =>
    (await db.execute<{ who: string }>(sql`select auth.user_id() as who`)).rows[0]?.who
  const told = await Promise.all(Array.from({ length: 20 }, (_, i) => who(i % 2 ? bob : alice)))
  assert.deepEqual(
    told,
    told.map((_, i) => (i % 2 ? 'bob' : 'alice')),
  )
})
