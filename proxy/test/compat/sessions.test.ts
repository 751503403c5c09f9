/** Clients that need sessions, by token and through the gate: over WebSocket, and over TCP. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neonConfig, Pool, type PoolConfig } from '@neondatabase/serverless'
import { PrismaNeon } from '@prisma/adapter-neon'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-serverless'
import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { Kysely, PostgresDialect, type Generated } from 'kysely'
import postgres from 'postgres'
import { WebSocket } from 'ws'
import { PrismaClient } from './prisma/client.mjs'
import { startScene, type Scene } from './scene'

let scene: Scene
let database: string
before(async () => {
  scene = await startScene()
  database = new URL(scene.connectionString).pathname.slice(1)
  neonConfig.webSocketConstructor = WebSocket
  neonConfig.useSecureWebSocket = false
  neonConfig.wsProxy = () => `${new URL(scene.url).host}/v2`
})
after(() => scene.stop())

/** The pool asks for a token at each connection. */
const optionsOf = (user: string): PoolConfig => ({
  host: 'localhost',
  user: 'authenticated',
  database,
  password: scene.tokenOf(user),
})
const poolOf = (user: string) => new Pool(optionsOf(user))

test('the driver’s Pool and Client: queries, pipelining, transactions, errors', async () => {
  const pool = poolOf('alice')
  const results = await Promise.all(
    Array.from({ length: 5 }, (_, n) =>
      pool.query('select $1::int as n, auth.user_id() as me', [n]),
    ),
  )
  assert.deepEqual(
    results.map(({ rows: [row] }) => row as unknown),
    Array.from({ length: 5 }, (_, n) => ({ n, me: 'alice' })),
  )
  const client = await pool.connect()
  await client.query('BEGIN')
  await client.query('insert into compat_lists (name) values ($1)', ['Home'])
  await client.query('SAVEPOINT a')
  await assert.rejects(client.query('insert into compat_lists (name) values (null)'), {
    code: '23502',
  })
  await client.query('ROLLBACK TO a')
  await client.query('COMMIT')
  client.release()
  assert.equal((await pool.query('delete from compat_lists')).rowCount, 1)
  for (const pipelineConnect of ['password', false] as const) {
    const other = poolOf('bob')
    neonConfig.pipelineConnect = pipelineConnect
    assert.deepEqual((await other.query('select auth.user_id() as me')).rows, [{ me: 'bob' }])
    await other.end()
  }
  neonConfig.pipelineConnect = 'password'
  await pool.end()
})

test('drizzle-orm/neon-serverless: nested transactions with their options', async () => {
  const lists = pgTable('compat_lists', {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
  })
  const pool = poolOf('alice')
  const db = drizzle(pool)
  await db.transaction(
    async (tx) => {
      await tx.insert(lists).values({ name: 'Home' })
      await assert.rejects(
        tx.transaction(async (inner) => {
          await inner.insert(lists).values({ name: 'Undone' })
          throw new Error('on purpose')
        }),
      )
      const { rows } = await tx.execute(sql`show transaction_isolation`)
      assert.deepEqual(rows, [{ transaction_isolation: 'repeatable read' }])
    },
    { isolationLevel: 'repeatable read', accessMode: 'read write' },
  )
  assert.deepEqual(await db.select({ name: lists.name }).from(lists), [{ name: 'Home' }])
  const bobs = poolOf('bob')
  assert.deepEqual(await drizzle(bobs).select().from(lists), [])
  assert.deepEqual(await drizzle(bobs).update(lists).set({ name: 'mine' }).returning(), [])
  await db.delete(lists).where(eq(lists.name, 'Home'))
  await Promise.all([pool.end(), bobs.end()])
})

test('kysely with a Pool: transactions and savepoints', async () => {
  type Tables = { compat_lists: { id: Generated<string>; name: string } }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: poolOf('alice') }) })
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('compat_lists').values({ name: 'Home' }).execute()
  })
  const open = await db.startTransaction().setIsolationLevel('repeatable read').execute()
  const saved = await open.savepoint('a').execute()
  await saved.deleteFrom('compat_lists').execute()
  await saved.rollbackToSavepoint('a').execute()
  await open.commit().execute()
  assert.deepEqual(await db.selectFrom('compat_lists').select('name').execute(), [{ name: 'Home' }])
  await db.deleteFrom('compat_lists').execute()
  await assert.rejects(db.schema.dropTable('compat_lists').execute(), /refused by the proxy/)
  await db.destroy()
})

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const skip =
  major === 21 || major === 23 || (major === 22 && minor < 12)
    ? 'Prisma 7 needs Node 20.19, 22.12 or 24'
    : false

test('Prisma with PrismaNeon: nested writes and both kinds of transactions', { skip }, async () => {
  const db = new PrismaClient({ adapter: new PrismaNeon(optionsOf('alice')) })
  const list = await db.list.create({
    data: { name: 'Home', todos: { create: [{ task: 'Buy milk' }] } },
  })
  assert.equal(list.userId, 'alice')
  assert.deepEqual(await db.entry.findMany({ select: { task: true } }), [{ task: 'Buy milk' }])
  assert.deepEqual(await db.$transaction([db.list.count(), db.entry.count()]), [1, 1])
  await assert.rejects(
    db.$transaction(
      async (tx: typeof db) => {
        await tx.list.deleteMany()
        throw new Error('on purpose')
      },
      { isolationLevel: 'RepeatableRead' },
    ),
    /on purpose/,
  )
  assert.equal(await db.list.count(), 1)
  await db.list.deleteMany()
  await db.$disconnect()
})

test('postgres.js over TCP: transactions, savepoints, cursors', async () => {
  const db = postgres({
    host: '127.0.0.1',
    port: scene.tcpPort,
    user: 'authenticated',
    database,
    password: scene.tokenOf('alice'),
    fetch_types: false,
    max: 2,
  })
  await db.begin('isolation level repeatable read', async (tx) => {
    await tx`insert into compat_lists ${tx({ name: 'Home' })}`
    await assert.rejects(
      tx.savepoint(async (inner) => {
        await inner`insert into compat_lists ${inner({ name: 'Undone' })}`
        throw new Error('on purpose')
      }),
    )
  })
  assert.deepEqual(
    [...(await db`select name, user_id from compat_lists`)],
    [{ name: 'Home', user_id: 'alice' }],
  )
  const seen: unknown[] = []
  for await (const rows of db`select n from generate_series(1, 5) as g(n)`.cursor(2)) {
    seen.push(...rows.map(({ n }) => n as unknown))
  }
  assert.deepEqual(seen, [1, 2, 3, 4, 5])
  await assert.rejects(db`drop table compat_lists`, { code: '42501' })
  await db`delete from compat_lists`
  await db.end()
})
