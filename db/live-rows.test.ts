/** Every change of a watched table is told when it commits: for whom, and nothing else. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { pgTable, text } from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { parseSessionKey } from '../proxy/src/auth/session-key'
import { changeKey, parseChange } from '../proxy/src/live/change'
import { findDrift } from './drift'
import { installLiveRows } from './install-live-rows'
import { functionReads, liveBy, liveForAll } from './live-rows'
import { connect, runAs, seal } from '../proxy/test/testing/as-user'

let database: TestDatabase
let owner: Client
let listener: Client
let heard: string[] = []
let relation: string

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
  await owner.query(`create table shared (id int primary key, owner text, team text);
    grant select, insert, update, delete on shared to authenticated;
    select private.watch_rows('shared', array['owner', 'team'], array[null, 'select team from teams'])`)
  const { rows } = await owner.query<{ oid: string }>(`select 'shared'::regclass::oid::text as oid`)
  relation = rows[0]?.oid ?? ''
  listener = await connect(database.authenticatorUrl)
  listener.on('notification', ({ payload = '' }) => heard.push(payload))
  await listener.query('listen sql_proxy_live')
})
after(async () => {
  await listener.end()
  await owner.end()
  await database.stop()
})
beforeEach(async () => {
  await owner.query('truncate shared')
  await owner.query(
    `insert into shared values (1, 'alice', 'red'), (2, 'bob', 'red'), (3, 'carol', null)`,
  )
  heard = []
  await listener.query('select 1')
  heard = []
})

/** Whose keys a statement announces: names of owners and teams, or `*` for everybody. */
async function tells(...statements: string[]): Promise<string[]> {
  for (const statement of statements) await owner.query(statement)
  // Postgres has delivered what was committed before this.
  await listener.query('select 1')
  const key = parseSessionKey(database.sessionKey)
  const names = new Map(
    ['alice', 'bob', 'carol', 'red', 'blue'].map((name) => [
      changeKey(key, relation, /red|blue/.test(name) ? 'team' : 'owner', name),
      name,
    ]),
  )
  return heard.flatMap((payload) => {
    const change = parseChange(payload)
    assert.ok(change?.kind === 'rows' && change.relation === relation, payload)
    return change.keys === undefined
      ? ['*']
      : change.keys.map((name) => names.get(name) ?? name).sort()
  })
}

describe('is told to those whom it concerns:', () => {
  const CHANGES: Record<string, readonly [sql: string, told: string[]]> = {
    'an INSERT': [`insert into shared values (4, 'alice', 'blue')`, ['alice', 'blue']],
    'an UPDATE': [`update shared set id = 9 where id = 1`, ['alice', 'red']],
    'a row that is given away': [
      `update shared set owner = 'carol', team = 'blue' where id = 1`,
      ['alice', 'blue', 'carol', 'red'],
    ],
    'a DELETE': ['delete from shared where id = 2', ['bob', 'red']],
    'rows of many, once for each': ['delete from shared', ['alice', 'bob', 'carol', 'red']],
    'MERGE, which does two things': [
      `merge into shared s using (values (1), (7)) v (id) on s.id = v.id
       when matched then delete when not matched then insert values (v.id, 'bob', 'blue')`,
      ['alice', 'blue', 'bob', 'red'],
    ],
    'ON CONFLICT DO UPDATE': [
      `insert into shared values (1, 'bob', 'blue') on conflict (id) do update set team = 'blue'`,
      ['alice', 'blue', 'red'],
    ],
    'a write in WITH': [`with x as (delete from shared where id = 1) select 1`, ['alice', 'red']],
    'a row that names nobody: everybody': ['insert into shared values (5, null, null)', ['*']],
    TRUNCATE: ['truncate shared', ['*']],
    'what concerns too many to name: everybody': [
      `insert into shared select i, 'user ' || i, 'x' from generate_series(10, 200) as i`,
      ['*'],
    ],
    'no row at all': ['delete from shared where false', []],
  }
  for (const [what, [statement, told]] of Object.entries(CHANGES)) {
    test(what, async () => {
      assert.deepEqual((await tells(statement)).sort(), told)
    })
  }

  test('what is rolled back: nobody, and of a savepoint only what stays', async () => {
    assert.deepEqual(await tells('begin', 'delete from shared', 'rollback'), [])
    assert.deepEqual(
      await tells(
        'begin',
        'savepoint s',
        'delete from shared where id = 1',
        'rollback to s',
        'delete from shared where id = 2',
        'commit',
      ),
      ['bob', 'red'],
    )
  })

  test('a change by a role that may call neither the triggers’ functions nor pg_notify', async () => {
    const authenticator = await connect(database.authenticatorUrl)
    const bob = { role: 'authenticated', token: seal(database.sessionKey, { sub: 'bob' }) } as const
    await runAs(authenticator, bob, `delete from shared where id = 1`)
    await authenticator.end()
    assert.deepEqual(await tells(), ['alice', 'red'])
  })
})

test('a table that is restored has other oids, and the right keys all the same', async () => {
  await owner.query(`create table moved as select * from shared; drop table shared;
    alter table moved rename to shared`)
  // As pg_restore does it: the functions are there, and the triggers are made on the new table.
  await owner.query(
    `select private.watch_rows('shared', array['owner', 'team'], array[null, null])`,
  )
  const { rows } = await owner.query<{ oid: string }>(`select 'shared'::regclass::oid::text as oid`)
  relation = rows[0]?.oid ?? ''
  await listener.query('select 1')
  heard = []
  assert.deepEqual(await tells('delete from shared where id = 1'), ['alice', 'red'])
  await owner.query('grant select, insert, update, delete on shared to authenticated')
})

test('a table counts as watched while all its triggers are enabled', async () => {
  const isWatched = async () => {
    const { rowCount } = await owner.query(
      `select from auth.watched_tables() where relation = 'shared'::regclass`,
    )
    return rowCount !== 0
  }
  assert.equal(await isWatched(), true)
  await owner.query('alter table shared disable trigger live_update')
  assert.equal(await isWatched(), false)
  await owner.query('alter table shared enable trigger live_update')
  assert.equal(await isWatched(), true)
})

test('a partitioned table cannot be watched, because writes to its partitions would go unnoticed', async () => {
  await owner.query('create table parts (id int) partition by list (id)')
  await assert.rejects(owner.query(`select private.watch_rows('parts', '{}', '{}')`), {
    code: '0A000',
    message: /only plain tables/,
  })
})

test('changes of the schema are told, too', async () => {
  await owner.query('create table whatever ()')
  await listener.query('select 1')
  assert.deepEqual(heard, ['schema'])
})

describe('what the schema declares', () => {
  const notes = pgTable('notes', { owner: text().notNull(), team: text().notNull() })
  const news = pgTable('news', { title: text().notNull() })
  const schema = {
    notes,
    news,
    live: liveBy(notes.owner, {
      column: notes.team,
      audience: sql`select ${notes.team} from ${notes}`,
    }),
    all: liveForAll(news),
    reads: functionReads('my_teams()', notes),
  }
  before(() =>
    owner.query(`create table notes (owner text not null, team text not null);
      create table news (title text not null);
      create function my_teams() returns text language plpgsql as 'begin return 1; end'`),
  )

  test('is drift until it is installed, and when it is not what was declared', async () => {
    assert.equal((await findDrift(owner, schema, true)).length, 3)
    await installLiveRows(owner, schema, true)
    assert.deepEqual(await findDrift(owner, schema, true), [])
    await owner.query('alter table news disable trigger live_insert')
    assert.match(
      (await findDrift(owner, schema, true))[0]?.what ?? '',
      /makes its rows live of public\.news is missing/,
    )
    await installLiveRows(owner, schema, true)
    assert.deepEqual(await findDrift(owner, schema, true), [])
    await owner.query(`select private.watch_rows('notes', array['owner'], array[null])`)
    assert.match(
      (await findDrift(owner, schema, true))[0]?.what ?? '',
      /owner is the user’s id instead of .*team/,
    )
  })

  test('is taken away where there are no live queries, which locks a table only once', async () => {
    await installLiveRows(owner, schema, true)
    assert.equal((await findDrift(owner, schema, false)).length, 2)
    await installLiveRows(owner, schema, false)
    assert.deepEqual(await findDrift(owner, schema, false), [])
    await owner.query('begin')
    await installLiveRows(owner, schema, false)
    assert.deepEqual(await locked(), [])
    await owner.query('rollback')
  })

  test('is installed again without locking a table', async () => {
    await installLiveRows(owner, schema, true)
    await owner.query('begin')
    await installLiveRows(owner, schema, true)
    assert.deepEqual(await locked(), [])
    await owner.query('rollback')
  })

  /** The tables that this transaction keeps others from writing to. */
  async function locked(): Promise<unknown[]> {
    const { rows } = await owner.query<{ relation: string }>(
      `select relation::regclass::text from pg_locks where pid = pg_backend_pid() and mode in ('ShareRowExclusiveLock', 'AccessExclusiveLock')
         and relation in ('notes'::regclass, 'news'::regclass)`,
    )
    return rows
  }
})
