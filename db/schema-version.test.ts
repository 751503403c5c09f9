import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { connect } from '../proxy/test/testing/as-user'

let database: TestDatabase
let owner: Client
let other: Client

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
  other = await connect(database.ownerUrl)
  await owner.query('create table kept (id int primary key, v text)')
})

after(async () => {
  await owner.end()
  await other.end()
  await database.stop()
})

/** As the proxy reads it: one version for each change that nobody has collapsed yet. */
async function versions(client: Client = owner): Promise<string[]> {
  const { rows } = await client.query<{ version: string }>(
    'select version from proxy_state.schema_version order by version',
  )
  return rows.map(({ version }) => version)
}

/** Whether a session that saw `before` would notice that something is new. */
const isNew = (before: readonly string[], now: readonly string[]) =>
  now.some((version) => !before.includes(version))

async function isNoticed(sql: string): Promise<boolean> {
  const before = await versions()
  await owner.query(sql)
  return isNew(before, await versions())
}

describe('a change of the schema is noticed', () => {
  const CHANGES = [
    'create table made (id int)',
    'alter table made add column v int',
    'alter table made rename column v to w',
    'alter table made rename to done',
    'drop table done',
    'create schema house; drop schema house',
    `create type mood as enum ('glad')`,
    `alter type mood add value 'sad'`,
    `alter type mood rename value 'sad' to 'calm'`,
    'drop type mood',
    'create domain short as varchar(3)',
    'alter domain short add check (value is not null)',
    'drop domain short',
    `create function twice(i int) returns int language sql as 'select 2 * i'`,
    `create or replace function twice(i int) returns int language sql as 'select i + i'`,
    'drop function twice(int)',
    'create view seen as select 1 as one; drop view seen',
    'create materialized view stored as select 1 as one; drop materialized view stored',
    'create table parts (id int) partition by list (id)',
    'create table part partition of parts for values in (1)',
    'alter table parts detach partition part',
    'drop table parts, part',
    'grant select on kept to authenticated',
    'revoke usage on schema public from anonymous',
    'alter table kept enable row level security',
    'create extension if not exists citext schema public',
    'drop extension citext',
    'select 1 as one into copied',
    'create table copies as select 1 as one',
    `do $$ begin execute 'drop table copied, copies'; end $$`,
    'create table owned (id int); drop owned by authenticated; drop table owned',
  ]
  for (const change of CHANGES) {
    test(change, async () => {
      assert.equal(await isNoticed(change), true)
    })
  }

  test('also in a restore, without ordinary triggers', async () => {
    const change = `set session_replication_role = replica; alter table kept add column w int; reset session_replication_role`
    assert.equal(await isNoticed(change), true)
  })

  test('also after a savepoint to which an earlier change was rolled back', async () => {
    const change = `begin; savepoint s; create table made (id int); rollback to s;
      create table made (id int); drop table made; commit`
    assert.equal(await isNoticed(change), true)
  })

  test('also in a transaction with an older snapshot', async () => {
    await owner.query('begin isolation level repeatable read; select 1 from kept')
    await other.query('create table made (id int)')
    const before = await versions(other)
    await owner.query('alter table kept add column x int; commit')
    assert.equal(isNew(before, await versions()), true)
    await owner.query('drop table made')
  })
})

describe('a statement that does not change the schema is not', () => {
  const OTHERS = [
    `insert into kept (id) values (1)`,
    'create temporary table mine (id serial primary key, v text default 1); alter table mine add w int; create index on mine (w); drop table mine',
    'create temporary table mine on commit drop as select 1 as one',
    'select 1 as one into temporary mine; drop table mine',
    `comment on table kept is 'kept'`,
    'create index kept_v on kept (v)',
    'drop index kept_v',
    'create index concurrently kept_v on kept (v)',
    'reindex table kept',
    'drop index concurrently kept_v',
    'analyze kept',
    'truncate kept',
    'create table if not exists kept (id int)',
    'drop table if exists nowhere',
  ]
  for (const sql of OTHERS) {
    test(sql, async () => {
      assert.equal(await isNoticed(sql), false)
    })
  }

  test('nor is a change that was rolled back', async () => {
    assert.equal(await isNoticed('begin; create table made (id int); rollback'), false)
  })
})

describe('two transactions that change the schema at once', () => {
  test('do not wait for each other, and each is noticed when it commits', async () => {
    const before = await versions()
    await owner.query('begin; create table mine (id int)')
    await other.query(`set lock_timeout = '5s'; begin; create table theirs (id int)`)
    assert.deepEqual(await versions(await third()), before)
    await other.query('commit')
    const between = await versions(await third())
    assert.equal(isNew(before, between), true)
    await owner.query('commit')
    assert.equal(isNew(between, await versions()), true)
    await owner.query('drop table mine, theirs')
    assert.equal((await versions()).length, 1)
  })

  let looking: Client | undefined
  async function third(): Promise<Client> {
    return (looking ??= await connect(database.ownerUrl))
  }
  after(async () => {
    await looking?.end()
  })
})

test('a transaction of many changes leaves one version', async () => {
  const tables = Array.from({ length: 50 }, (_, i) => `create table many_${i} (id int);`)
  await owner.query(`begin; ${tables.join('')} commit`)
  assert.equal((await versions()).length, 1)
})

test('users can read the versions, and change none', async () => {
  for (const role of ['authenticated', 'anonymous', 'authenticator']) {
    const { rows } = await owner.query(
      `select has_table_privilege($1, 'proxy_state.schema_version', 'select') as read,
         has_table_privilege($1, 'proxy_state.schema_version', 'insert, update, delete, truncate') as write,
         has_function_privilege($1, 'private.schema_changed()', 'execute') as note`,
      [role],
    )
    assert.deepEqual(rows, [{ read: true, write: false, note: false }], role)
  }
})
