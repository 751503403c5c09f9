import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { migrate } from 'drizzle-orm/neon-http/migrator'
import * as schema from '../../../db/schema'
import { install } from '../../install/install'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
  neonConfig.fetchEndpoint = local.proxy.sqlUrl
})
after(() => local.stop())

test('drizzle queries as the role whose password it has', async () => {
  const db = drizzle(neon(local.connectionString()), { schema })
  const { rows } = await db.execute(sql`select n from generate_series(1, 3) as n`)
  assert.deepEqual(rows, [{ n: 1 }, { n: 2 }, { n: 3 }])
  const [added] = await db
    .insert(schema.todos)
    .values({ userId: 'alice', task: 'by her keeper' })
    .returning()
  assert.equal(added?.userId, 'alice')
  const [todos, count] = await db.batch([
    db.query.todos.findMany(),
    db.select({ n: sql<number>`count(*)::int` }).from(schema.todos),
  ])
  assert.deepEqual([todos, count], [[added], [{ n: 1 }]])
})

test('drizzle’s own migrator migrates a new database', async () => {
  const database = `migrated_${process.pid}`
  await local.ask(`create database ${database}`)
  const ownerUrl = new URL(local.proxy.ownerUrl)
  ownerUrl.pathname = database
  await install({ databaseUrl: ownerUrl.href })
  const db = drizzle(neon(local.connectionString({ database })), { schema })
  await migrate(db, { migrationsFolder: 'db/migrations' })
  assert.deepEqual(await db.select().from(schema.todos), [])
  // Nothing is left to do.
  await migrate(db, { migrationsFolder: 'db/migrations' })
  await local.ask(`drop database ${database} with (force)`)
})
