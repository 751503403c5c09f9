import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import type { Client } from 'pg'
import { z } from 'zod'
import { startTestServer, type TestServer } from '../proxy/test/postgres/test-server'
import { migrate } from './migrate'
import { connect } from '../proxy/test/testing/as-user'
import { differences, objectsOf, rolesOf } from '../proxy/test/testing/catalogs'

/** The twelve migrations of the app in which the proxy's SQL stood before the proxy installed it. */
const FORMER = join('db', 'testing', 'former-migrations')
const JOURNAL = join('meta', '_journal.json')
const readJournal = (folder: string) =>
  z
    .object({ entries: z.array(z.looseObject({ tag: z.string(), when: z.number() })) })
    .loose()
    .parse(JSON.parse(readFileSync(join(folder, JOURNAL), 'utf8')))
const journal = readJournal(FORMER)
const TAGS = journal.entries.map(({ tag }) => tag)
/** Those that came later. */
const NEWER = readJournal(join('db', 'migrations')).entries.filter(
  ({ when }) => when > (journal.entries.at(-1)?.when ?? 0),
)

let server: TestServer
let superuser: Client
let fresh: Database

before(async () => {
  server = await startTestServer()
  superuser = await connect(server.url)
  await superuser.query(`create role landlord login createdb createrole password 'landlord'`)
  fresh = await newDatabase()
  await migrate({ databaseUrl: fresh.url })
})

after(async () => {
  await fresh.remove()
  await superuser.end()
  await server.stop()
})

describe('a database that stopped at a former migration ends as a new one', () => {
  for (const [index, tag] of TAGS.entries()) {
    test(tag, async () => {
      const former = await newDatabase()
      await applyFormer(former.url, index + 1)
      await migrate({ databaseUrl: former.url })
      await assertSame(former, fresh)
      await former.remove()
    })
  }

  test('also where the owner is not a superuser', async () => {
    const [former, other] = [await newDatabase('landlord'), await newDatabase('landlord')]
    await applyFormer(former.url, TAGS.length)
    await migrate({ databaseUrl: former.url })
    await migrate({ databaseUrl: other.url })
    await assertSame(former, other)
    await former.remove()
    await other.remove()
  })

  test('and a difference would be noticed', async () => {
    const changed = await newDatabase()
    await migrate({ databaseUrl: changed.url })
    await onDatabase(changed.url, (client) =>
      client.query('grant execute on function auth.running_sessions(integer[]) to authenticated'),
    )
    await assert.rejects(assertSame(changed, fresh), /running_sessions/)
    await changed.remove()
  })
})

describe('the upgrade', () => {
  const all = async () => {
    const former = await newDatabase()
    await applyFormer(former.url, TAGS.length)
    return former
  }

  test('makes the same roles', async () => {
    const installed = await rolesOf(superuser)
    await superuser.query('alter role authenticator reset all')
    const former = await all()
    await migrate({ databaseUrl: former.url })
    assert.deepEqual(await rolesOf(superuser), installed)
    await former.remove()
  })

  test('runs each migration once', async () => {
    const former = await all()
    await migrate({ databaseUrl: former.url })
    await onDatabase(former.url, async (client) => {
      const { rowCount } = await client.query('select from drizzle.__drizzle_migrations')
      assert.equal(rowCount, TAGS.length + NEWER.length)
    })
    await former.remove()
  })

  test('keeps rows, counts, session keys and an operator’s time limit', async () => {
    const former = await all()
    const kept = () =>
      onDatabase(former.url, async (client) => {
        const { rows } = await client.query<Record<string, unknown>>(
          `select (select to_jsonb(t) - $1::text[] from public.todos as t) as todo,
             (select to_jsonb(c) from private.row_counts as c) as count,
             (select to_jsonb(k) from private.session_keys as k) as key,
             (select to_jsonb(rolconfig) from pg_roles where rolname = 'authenticator') as settings`,
          [['list_id', 'notes', 'due_on', 'due_time', 'position', 'hidden_at']],
        )
        return rows
      })
    await onDatabase(former.url, async (client) => {
      await client.query(
        `insert into private.session_keys
         values ('0123abcd', decode(repeat('00', 64), 'hex'), decode(repeat('11', 64), 'hex'))`,
      )
      await client.query(`insert into todos (user_id, task) values ('alice', 'stay')`)
      await client.query(`alter role authenticator set statement_timeout = '12s'`)
    })
    const before = await kept()
    await migrate({ databaseUrl: former.url })
    assert.deepEqual(await kept(), before)
    await superuser.query(`alter role authenticator set statement_timeout = '30s'`)
    await former.remove()
  })
})

test('todos that were there stay in their order, before those that are added later', async () => {
  const former = await newDatabase()
  await applyFormer(former.url, TAGS.length)
  const order = await onDatabase(former.url, async (client) => {
    await client.query(`
      insert into todos (user_id, task, inserted_at) values
        ('alice', 'third', now() - interval '1 minute'), ('alice', 'first', '1999-12-31'),
        ('alice', 'second', '2026-01-31 09:00:00.000001')`)
    await migrate({ databaseUrl: former.url })
    await client.query(`insert into todos (user_id, task) values ('alice', 'fourth')`)
    const { rows } = await client.query<{ task: string }>(
      'select task from todos order by position',
    )
    return rows.map(({ task }) => task)
  })
  assert.deepEqual(order, ['first', 'second', 'third', 'fourth'])
  await former.remove()
})

async function assertSame(one: Database, other: Database) {
  const objects = await onDatabase(one.url, objectsOf)
  const others = await onDatabase(other.url, objectsOf)
  assert.deepEqual(differences(objects, others), { only: [], missing: [] })
}

/** As `db/migrate.ts` did it: Drizzle records each of them with its time. */
async function applyFormer(url: string, count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'former-migrations-'))
  try {
    cpSync(FORMER, folder, { recursive: true })
    const entries = journal.entries.slice(0, count)
    writeFileSync(join(folder, JOURNAL), JSON.stringify({ ...journal, entries }))
    await onDatabase(url, (client) =>
      applyMigrations(drizzle(client), { migrationsFolder: folder }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Database = { readonly url: string; readonly remove: () => Promise<unknown> }

async function newDatabase(owner?: 'landlord'): Promise<Database> {
  const name = `upgrade_${randomBytes(6).toString('hex')}`
  await superuser.query(`create database ${name} ${owner === undefined ? '' : `owner ${owner}`}`)
  const url = new URL(server.url)
  url.pathname = name
  if (owner !== undefined) {
    url.username = owner
    url.password = owner
  }
  return { url: url.href, remove: () => superuser.query(`drop database ${name} with (force)`) }
}

async function onDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
