import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from 'pg'
import { startTestServer, type TestServer } from '../proxy/test/postgres/test-server'
import { DatabaseError } from '../proxy/install/database-error'
import { migrate } from './migrate'
import { todos } from './schema'
import { seed } from './seed'
import { connect } from '../proxy/test/testing/as-user'
import { BOB } from './testing/people'
import { subjectOf } from './testing/subject'
import { findLeaks, findRefusals, inTrial } from './testing/trial'

/** As on a managed host: an owner who may create roles and databases, and is nothing more. */
let server: TestServer
let ownerUrl: string
let owner: Client
const notices: string[] = []
const sessionKey = randomBytes(32).toString('base64')

before(async () => {
  server = await startTestServer()
  const superuser = await connect(server.url)
  await superuser.query(`create role landlord login createrole createdb password 'landlord'`)
  await superuser.end()
  const landlord = loginUrl('landlord', 'postgres')
  await onDatabase(landlord, (client) => client.query('create database house'))
  ownerUrl = loginUrl('landlord', 'house')
  const proxyDatabaseUrl = loginUrl('authenticator', 'house')
  await migrate({
    databaseUrl: ownerUrl,
    proxyDatabaseUrl,
    sessionKey,
    onNotice: (notice) => notices.push(notice),
  })
  owner = await connect(ownerUrl)
})

after(async () => {
  await owner.end()
  await server.stop()
})

describe('an owner who may not create roles', () => {
  test('is told so in one sentence, with what a superuser has to grant, and nothing was changed', async () => {
    const poor = await startTestServer()
    const superuser = await connect(poor.url)
    const url = (name: string, user: string) => {
      const changed = new URL(poor.url)
      changed.username = user
      changed.password = user
      changed.pathname = name
      return changed.href
    }
    const options = {
      databaseUrl: url('house', 'poor'),
      proxyDatabaseUrl: url('house', 'authenticator'),
    }
    const refusal = () =>
      migrate(options).then(
        () => assert.fail('it migrated'),
        (error: unknown) => {
          assert.ok(error instanceof DatabaseError, String(error))
          assert.match(error.message, /^DATABASE_URL \(poor at [^)]+\/house\): .* superuser run: /)
          assert.doesNotMatch(error.message, /\n/)
          return error.message
        },
      )
    try {
      await superuser.query(`create role poor login password 'poor'`)
      await superuser.query(`create database house owner poor`)
      assert.match(
        await refusal(),
        /poor may not create roles, and authenticated, anonymous, authenticator must be made\. .*ALTER ROLE "poor" CREATEROLE; then migrate again\.$/,
      )
      const schemas = `select from pg_namespace where nspname in ('private', 'auth', 'drizzle')`
      await onDatabase(options.databaseUrl, async (client) => {
        assert.equal((await client.query(schemas)).rowCount, 0)
      })

      await superuser.query(
        'create role authenticated nologin; create role anonymous nologin; create role authenticator login noinherit',
      )
      const ungranted = await refusal()
      assert.match(ungranted, /may not grant roles that others have made/)
      // What is named in the sentence is what helps.
      await superuser.query(/run: (GRANT .*?;)/.exec(ungranted)?.[1] ?? '')
      const unmade = await refusal()
      assert.match(unmade, /poor may not create roles, and moderator must be made/)
      await superuser.query(/run: (CREATE ROLE .*?;)/.exec(unmade)?.[1] ?? '')
      const unset = await refusal()
      assert.match(unset, /poor may not set authenticator’s password/)
      await superuser.query(/run: (ALTER .*?OPTION;)/.exec(unset)?.[1] ?? '')
      await migrate(options)
      await onDatabase(options.proxyDatabaseUrl, (client) => client.query('select 1'))
    } finally {
      await superuser.end()
      await poor.stop()
    }
  })
})

describe('an owner who is not superuser', () => {
  test('is told what was skipped, and what is weaker for it', () => {
    assert(notices.length > 0)
    for (const notice of notices) assert.match(notice, /^Skipped, .+\. Weaker: .+\.$/)
    assert.match(notices.join('\n'), /REVOKE EXECUTE on set_config/)
    assert.equal(new Set(notices).size, notices.length)
  })

  test('still takes from users the right to create anything', async () => {
    const { rows } = await owner.query(
      `select has_database_privilege('authenticated', current_database(), 'temporary') as temporary,
              has_database_privilege('authenticated', current_database(), 'create') as schema,
              has_schema_privilege('authenticated', 'public', 'create') as public`,
    )
    assert.deepEqual(rows, [{ temporary: false, schema: false, public: false }])
  })

  test('can seed, and users see and change todos of their own alone', async () => {
    assert.deepEqual(await seed(ownerUrl, [BOB]), [BOB])
    const superuser = await connect(superuserUrl())
    const subject = subjectOf({ table: todos, owner: todos.userId })
    try {
      await inTrial({ superuser, sessionKey }, subject, {}, async (trial) => {
        assert.deepEqual(await findLeaks(trial), [])
        assert.deepEqual(await findRefusals(trial), [])
      })
    } finally {
      await superuser.end()
    }
  })

  const HOUSE = `
    create table notes (id int primary key, owner text collate "C", team varchar(9), body text,
      check (body <> ''), score numeric(6, 2) default 1);
    alter table notes enable row level security;
    grant select, insert on notes to authenticated;
    create index on notes (lower(body), id);
    create statistics pairs on owner, team from notes;
    create policy "their own" on notes for select to authenticated
      using (owner = (select auth.user_id()) and team <> 'x');
    create policy "no less" on notes as restrictive using (score >= 0 or owner <> '') with check (score > 0);
    create policy "by notes" on todos as restrictive to authenticated
      using (not exists (select from notes where owner = todos.user_id and body = 'x'));
    insert into notes select i, 'user_' || i % 5, 'team_' || i % 3, 'note ' || i from generate_series(1, 100) i;
    analyze notes`
  const KEPT = `select name from proxy_check.column_statistics() where is_stored`

  test('removes the planner’s statistics of values', async () => {
    await owner.query(HOUSE)
    try {
      assert.equal((await owner.query(KEPT)).rowCount, 7)
      const told: string[] = []
      await migrate({ databaseUrl: ownerUrl, onNotice: (notice) => told.push(notice) })
      assert.doesNotMatch(told.join(), /statistics of/)
      await owner.query('analyze notes')
      assert.deepEqual((await owner.query(KEPT)).rows, [])
    } finally {
      await owner.query('drop table notes cascade')
    }
  })

  test('and before PostgreSQL 18 by giving columns the types that they have', async () => {
    await owner.query(HOUSE)
    try {
      const before = await definitions(owner)
      await owner.query(`drop statistics pairs; select private.retype_columns('notes'::regclass)`)
      assert.deepEqual((await owner.query(KEPT)).rows, [])
      assert.deepEqual(await definitions(owner), before)
    } finally {
      await owner.query('drop table notes cascade')
    }
  })

  test('is told whose statistics of values it may not remove', async () => {
    const superuser = await connect(superuserUrl())
    await superuser.query(`create table theirs (id int); alter table theirs enable row level security;
      grant select on theirs to authenticated`)
    try {
      const told: string[] = []
      await migrate({ databaseUrl: ownerUrl, onNotice: (notice) => told.push(notice) })
      assert.match(
        told.join('\n'),
        /^Skipped, needs a superuser, or .*: the planner's statistics of public\.theirs\. Weaker: .*must be owner of table theirs\.$|permission denied for table theirs\.$/m,
      )
    } finally {
      await superuser.query('drop table theirs')
      await superuser.end()
    }
  })

  test('is told that changes by hand are not noticed; migrations are, and what says so', async () => {
    assert.match(notices.join('\n'), /event triggers that tell the proxy of schema changes/)
    const version = async () =>
      (await owner.query<{ version: string }>('table proxy_state.schema_version')).rows
    const isNoticed = async (change: string) => {
      const before = await version()
      await owner.query(change)
      return !isDeepStrictEqual(before, await version())
    }
    assert.equal(await isNoticed('create table made (id int)'), false)
    assert.equal(
      await isNoticed('begin; drop table made; select private.schema_changed(); commit'),
      true,
    )
    // As Drizzle's migrator does it, in the transaction of the migrations.
    const migration = `insert into drizzle.__drizzle_migrations (hash, created_at) values ('made', 0)`
    assert.equal(await isNoticed(migration), true)
    await owner.query(`delete from drizzle.__drizzle_migrations where hash = 'made'`)
    const before = await version()
    await migrate({ databaseUrl: ownerUrl })
    assert.notDeepEqual(await version(), before)
  })

  test('leaves the rest to a superuser who migrates later', async () => {
    const later: string[] = []
    await migrate({ databaseUrl: superuserUrl(), onNotice: (notice) => later.push(notice) })
    assert.deepEqual(later, [])
    const { rows } = await owner.query(
      `select has_function_privilege('authenticated', 'set_config(text,text,bool)', 'execute') as may`,
    )
    assert.deepEqual(rows, [{ may: false }])
  })

  test('loses nothing by that: it still migrates, sets and sleeps as it likes', async () => {
    await migrate({ databaseUrl: ownerUrl, sessionKey })
    await owner.query(`select set_config('search_path', 'public', false), pg_sleep(0)`)
    await owner.query('do $$ begin null; end $$')
  })
})

/** Policies, types, constraints and indexes: all that altering a column may change. */
async function definitions(owner: Client) {
  const { rows } = await owner.query<{ is: unknown }>(`
    select to_jsonb(p) as is from pg_policies as p
    union all select to_jsonb(i) from pg_indexes as i where tablename = 'notes'
    union all select to_jsonb(pg_get_constraintdef(oid)) from pg_constraint where conrelid = 'notes'::regclass
    union all select jsonb_build_array(attname, format_type(atttypid, atttypmod), attcollation, atthasdef)
      from pg_attribute where attrelid = 'notes'::regclass and attnum > 0
    order by 1`)
  return rows
}

function superuserUrl(): string {
  const url = new URL(server.url)
  url.pathname = 'house'
  return url.href
}

function loginUrl(user: string, database: string): string {
  const url = new URL(server.url)
  url.username = user
  url.password = user
  url.pathname = database
  return url.href
}

async function onDatabase(url: string, work: (client: Client) => Promise<unknown>) {
  const client = await connect(url)
  await work(client)
  await client.end()
}
