/** drizzle-orm/neon-http, by token and through the gate. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon } from '@neondatabase/serverless'
import { asc, eq, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { alias, boolean, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { startScene, type Scene } from './scene'

const lists = pgTable('compat_lists', {
  id: uuid().primaryKey().defaultRandom(),
  userId: text('user_id')
    .notNull()
    .default(sql`auth.user_id()`),
  name: text().notNull(),
})
const entries = pgTable('compat_entries', {
  id: uuid().primaryKey().defaultRandom(),
  listId: uuid('list_id').notNull(),
  task: text().notNull(),
  done: boolean().notNull().default(false),
  due: timestamp({ withTimezone: true }),
  cost: numeric(),
  meta: jsonb(),
  tags: text().array().notNull().default([]),
})
const schema = {
  lists,
  entries,
  listRelations: relations(lists, ({ many }) => ({ entries: many(entries) })),
  entryRelations: relations(entries, ({ one }) => ({
    list: one(lists, { fields: [entries.listId], references: [lists.id] }),
  })),
}

let scene: Scene
before(async () => {
  scene = await startScene()
})
after(() => scene.stop())

const as = (user: string) =>
  drizzle(neon(scene.connectionString, { authToken: scene.tokenOf(user) }), { schema })

async function withLists(run: (db: ReturnType<typeof as>, ids: string[]) => Promise<void>) {
  const db = as('alice')
  const made = await db
    .insert(lists)
    .values([{ name: 'Home' }, { name: 'Work' }])
    .returning()
  const ids = made.map(({ id }) => id)
  try {
    await run(db, ids)
  } finally {
    await db.delete(lists)
  }
}

test('insert, select, update, upsert and delete keep to the user’s rows', () =>
  withLists(async (db, [home = '', work = '']) => {
    const due = new Date('2026-03-04T05:06:07.891Z')
    const [entry] = await db
      .insert(entries)
      .values({ listId: home, task: 'Buy milk', due, cost: '1.50', meta: { a: 1 }, tags: ['x,y'] })
      .returning()
    assert.deepEqual(
      { ...entry, id: '' },
      {
        id: '',
        listId: home,
        task: 'Buy milk',
        done: false,
        due,
        cost: '1.50',
        meta: { a: 1 },
        tags: ['x,y'],
      },
    )
    await db
      .insert(lists)
      .values({ id: home, name: 'House' })
      .onConflictDoUpdate({ target: lists.id, set: { name: 'House' } })
    await db.update(entries).set({ done: true }).where(eq(entries.listId, home))
    const inner = alias(entries, 'inner_entries')
    const rows = await db
      .select({ name: lists.name, task: inner.task, n: sql<number>`count(*) over ()::int` })
      .from(lists)
      .leftJoin(inner, eq(inner.listId, lists.id))
      .orderBy(asc(lists.name))
    assert.deepEqual(rows, [
      { name: 'House', task: 'Buy milk', n: 2 },
      { name: 'Work', task: null, n: 2 },
    ])
    assert.equal(await db.$count(lists), 2)
    const bob = as('bob')
    assert.deepEqual(await bob.select().from(lists), [])
    assert.deepEqual(await bob.delete(lists).where(eq(lists.id, work)).returning(), [])
    const { rows: raw } = await db.execute(
      sql`select name from ${lists} where ${lists.id} = ${work}`,
    )
    assert.deepEqual(raw, [{ name: 'Work' }])
  }))

test('relational queries nest', () =>
  withLists(async (db, [home = '']) => {
    await db.insert(entries).values({ listId: home, task: 'Buy milk', meta: { a: [null] } })
    const found = await db.query.lists.findMany({
      columns: { name: true },
      with: { entries: { columns: { task: true, meta: true }, limit: 5 } },
      orderBy: asc(lists.name),
    })
    assert.deepEqual(found, [
      { name: 'Home', entries: [{ task: 'Buy milk', meta: { a: [null] } }] },
      { name: 'Work', entries: [] },
    ])
    const entry = await db.query.entries.findFirst({ with: { list: true } })
    assert.equal(entry?.list.name, 'Home')
  }))

test('batch() is one transaction', () =>
  withLists(async (db, [home = '']) => {
    const add = (task: string) => db.insert(entries).values({ listId: home, task })
    const [, found] = await db.batch([
      add('a'),
      db.query.entries.findMany({ columns: { task: true } }),
    ])
    assert.deepEqual(found, [{ task: 'a' }])
    const bad = db.insert(entries).values({ listId: home, task: sql`null` })
    await assert.rejects(db.batch([add('b'), bad]))
    assert.equal(await db.$count(entries), 1)
  }))

test('$withAuth() sets the user per query', () =>
  withLists(async () => {
    const db = drizzle(neon(scene.connectionString), { schema })
    const token = (user: string) => scene.tokenOf(user)()
    assert.equal(
      (
        await db
          .$withAuth(await token('alice'))
          .select()
          .from(lists)
      ).length,
      2,
    )
    assert.equal((await db.$withAuth(await token('bob')).query.lists.findMany()).length, 0)
    await assert.rejects(db.select().from(lists))
  }))

test('transaction() is drizzle’s own refusal; materialized views are the gate’s', async () => {
  const db = as('alice')
  await assert.rejects(
    db.transaction((tx) => tx.select().from(lists)),
    /No transactions support in neon-http driver/,
  )
  const refused = await db
    .execute(sql`refresh materialized view x`)
    .catch((error: unknown) => error)
  assert.match(String((refused as Error).cause), /statement refused by the proxy/)
})
