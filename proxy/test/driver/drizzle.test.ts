import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { migrate } from 'drizzle-orm/neon-http/migrator'
import { install } from '../../install/install'
import { FIXTURE, memos } from '../testing/fixture'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
  neonConfig.fetchEndpoint = local.proxy.sqlUrl
})
after(() => local.stop())

test('drizzle queries as the role whose password it has', async () => {
  const db = drizzle(neon(local.connectionString()), { schema: { memos } })
  const { rows } = await db.execute(sql`select n from generate_series(1, 3) as n`)
  assert.deepEqual(rows, [{ n: 1 }, { n: 2 }, { n: 3 }])
  const [added] = await db
    .insert(memos)
    .values({ userId: 'alice', body: 'by her keeper' })
    .returning()
  assert.equal(added?.userId, 'alice')
  const [found, count] = await db.batch([
    db.query.memos.findMany(),
    db.select({ n: sql<number>`count(*)::int` }).from(memos),
  ])
  assert.deepEqual([found, count], [[added], [{ n: 1 }]])
})

/** A folder as drizzle-kit writes it. */
async function writeMigrations(folder: string): Promise<void> {
  const entry = { idx: 0, version: '7', when: 1, tag: '0000_memos', breakpoints: true }
  const journal = { version: '7', dialect: 'postgresql', entries: [entry] }
  await mkdir(join(folder, 'meta'))
  await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify(journal))
  const sql = FIXTURE.trim().replaceAll(/;\n+/g, ';\n--> statement-breakpoint\n')
  await writeFile(join(folder, '0000_memos.sql'), sql)
}

test('drizzle’s own migrator migrates a new database', async () => {
  const migrationsFolder = await mkdtemp(join(tmpdir(), 'drizzle-migrations-'))
  await writeMigrations(migrationsFolder)
  const database = `migrated_${process.pid}`
  await local.ask(`create database ${database}`)
  const ownerUrl = new URL(local.proxy.ownerUrl)
  ownerUrl.pathname = database
  await install({ databaseUrl: ownerUrl.href })
  const db = drizzle(neon(local.connectionString({ database })), { schema: { memos } })
  await migrate(db, { migrationsFolder })
  assert.deepEqual(await db.select().from(memos), [])
  // Nothing is left to do.
  await migrate(db, { migrationsFolder })
  await local.ask(`drop database ${database} with (force)`)
  await rm(migrationsFolder, { recursive: true })
})
