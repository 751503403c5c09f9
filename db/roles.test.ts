import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAs, seal } from '../proxy/test/testing/as-user'
import { BOB } from './testing/people'
import { openDatabase, type OpenDatabase } from './testing/open-database'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']

before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
  // As an operator does who wants moderators.
  await owner.query('grant moderator to authenticator')
})

after(async () => {
  await owner.query('revoke moderator from authenticator')
  await close()
})

const ROLES = ['authenticated', 'anonymous', 'moderator'] as const

const bob = (role: (typeof ROLES)[number]) => ({
  role,
  token: role === 'anonymous' ? '' : seal(database.sessionKey, { sub: BOB }),
})

/** Refused for want of a right, not because of a typing error in the test. */
const DENIED = { code: '42501' }

const FORBIDDEN: [string, string][] = [
  ['create a temporary table', 'create temporary table todos (id int)'],
  ['create a table', 'create table public.mine (id int)'],
  ['create a function', `create function public.f() returns int language sql as 'select 1'`],
  ['create a schema', 'create schema mine'],
  ['read the session keys', 'select * from private.session_keys'],
  ['add a session key', `insert into private.session_keys values ('00000000', '', '')`],
  ['undo or redo the hardening', 'select private.harden()'],
  ['call set_config', `select set_config('auth.session_token', '', true)`],
  [
    'call set_config from a policy’s point of view',
    `select * from set_config('role', 'authenticator', false)`,
  ],
  ['sleep', 'select pg_sleep(0)'],
  ['take an advisory lock', 'select pg_advisory_lock(1)'],
  ['cancel a query', 'select pg_cancel_backend(pg_backend_pid())'],
  ['end a connection', 'select pg_terminate_backend(pg_backend_pid())'],
  ['run SQL from a string', `select query_to_xml('select 1', true, false, '')`],
  ['run SQL from a string in a text search', `select ts_stat('select to_tsvector(''x'')')`],
  ['notify other sessions', `select pg_notify('x', 'y')`],
  ['keep a large object', 'select lo_create(0)'],
  ['write to the log of changes', `select pg_logical_emit_message(true, 'x', 'y')`],
  ['read a file', `select pg_read_file('PG_VERSION')`],
  ['copy to a program', `copy (select 1) to program 'true'`],
  ['run a block of code', 'do $$ begin null; end $$'],
  ['switch row-level security off', 'alter table todos disable row level security'],
  ['drop a policy', 'drop policy "users see their own todos" on todos'],
  ['add a policy', 'create policy "mine" on todos using (true)'],
  [
    'replace the function that names the user',
    `create or replace function auth.user_id() returns text language sql as 'select 1'`,
  ],
  ['become a superuser', 'alter role authenticated superuser'],
  ['alter the role that logs in', `alter role authenticator password 'mine'`],
  [
    'alter the settings of the role that logs in',
    'alter role authenticator set statement_timeout = 0',
  ],
  ['create an extension', 'create extension if not exists dblink'],
  ['take what was granted to all users', 'drop owned by current_user'],
  ['grant on what it may use', 'grant select on todos to public'],
  ['see who prepared what on this session', 'select * from pg_prepared_statements'],
  ['see the cursors of this session', 'select * from pg_cursors'],
  ['see what sessions are doing', 'select * from pg_stat_activity'],
  ['see how much is read and written', 'select * from pg_stat_user_tables'],
  ['see who locks what', 'select * from pg_locks'],
  ['see how large a table is', `select pg_table_size('todos')`],
]

for (const role of ROLES) {
  describe(role, () => {
    for (const [what, statement] of FORBIDDEN) {
      test(`cannot ${what}`, async () => {
        await assert.rejects(runAs(authenticator, bob(role), statement), (error: unknown) => {
          assert(error instanceof Error && 'code' in error)
          // An extension that this server does not have is refused in other words.
          const expected = what === 'create an extension' ? ['42501', '0A000', '58P01'] : ['42501']
          assert(expected.includes(String(error.code)), error.message)
          return true
        })
      })
    }

    test('cannot switch row-level security off for itself', async () => {
      const { rows } = await runAs(
        authenticator,
        bob(role),
        'set local row_security = off',
        `select has_table_privilege('public.todos', 'select') as may`,
      )
      if (rows[0]?.may === false) return
      await assert.rejects(
        runAs(authenticator, bob(role), 'set local row_security = off', 'select * from todos'),
        DENIED,
      )
    })

    test('cannot log in', async () => {
      const { rows } = await owner.query('select rolcanlogin from pg_roles where rolname = $1', [
        role,
      ])
      assert.deepEqual(rows, [{ rolcanlogin: false }])
    })

    test('belongs to no other role', async () => {
      const { rows } = await owner.query('select from pg_auth_members where member = $1::regrole', [
        role,
      ])
      assert.deepEqual(rows, [])
    })
  })
}

describe('anonymous', () => {
  test('has no right to any table, but for the number that changes with the schema', async () => {
    const { rows } = await owner.query(
      `select oid::regclass from pg_class
       where relkind in ('r', 'p', 'v', 'm', 'f') and oid <> 'proxy_state.schema_version'::regclass
         and relnamespace not in
         ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
         and has_table_privilege('anonymous', oid, 'select, insert, update, delete, truncate')`,
    )
    assert.deepEqual(rows, [])
  })
})

describe('authenticated', () => {
  test('may change what a todo says, but not its owner, id or date, nor whether it is hidden', async () => {
    for (const column of ['id', 'user_id', 'inserted_at', 'hidden_at']) {
      await assert.rejects(
        runAs(authenticator, bob('authenticated'), `update todos set ${column} = ${column}`),
        DENIED,
      )
    }
    await runAs(authenticator, bob('authenticated'), 'update todos set task = task')
  })

  test('may change the name of a list and the role of a member, and of links and reports nothing', async () => {
    const { rows } = await owner.query(
      `select table_name, string_agg(column_name, ' ' order by column_name) as columns
       from information_schema.column_privileges
       where grantee = 'authenticated' and privilege_type = 'UPDATE' group by 1 order by 1`,
    )
    assert.deepEqual(rows, [
      { table_name: 'list_members', columns: 'role' },
      { table_name: 'lists', columns: 'name' },
      {
        table_name: 'todos',
        columns: 'due_on due_time is_complete list_id notes position task',
      },
    ])
  })

  test('may add no member', () =>
    assert.rejects(
      runAs(
        authenticator,
        bob('authenticated'),
        `insert into list_members (list_id, user_id, role) values (gen_random_uuid(), '${BOB}', 'owner')`,
      ),
      DENIED,
    ))
})

describe('moderator', () => {
  test('may hide and delete todos and close reports, and nothing else', async () => {
    const { rows } = await owner.query(
      `select c.relname as table, array_to_string(array_remove(array[
         case when has_table_privilege('moderator', c.oid, 'select') then 'select' end,
         case when has_any_column_privilege('moderator', c.oid, 'insert') then 'insert' end,
         (select 'update ' || string_agg(a.attname, ' ') from pg_attribute as a where a.attrelid = c.oid
          and a.attnum > 0 and has_column_privilege('moderator', c.oid, a.attnum, 'update')),
         case when has_table_privilege('moderator', c.oid, 'delete') then 'delete' end], null), ', ') as may
       from pg_class as c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
       and (has_any_column_privilege('moderator', c.oid, 'select, insert, update')
         or has_table_privilege('moderator', c.oid, 'delete')) order by 1`,
    )
    assert.deepEqual(rows, [
      { table: 'reports', may: 'select, delete' },
      { table: 'todos', may: 'select, update hidden_at, delete' },
    ])
  })

  test('is nobody’s role until the operator lets the proxy’s login become it', async () => {
    await owner.query('revoke moderator from authenticator')
    try {
      await assert.rejects(runAs(authenticator, bob('moderator'), 'select from todos'), DENIED)
    } finally {
      await owner.query('grant moderator to authenticator')
    }
  })
})

describe('authenticator', () => {
  test('may read and write nothing itself', async () => {
    for (const statement of [
      'select * from todos',
      `insert into todos (task) values ('x')`,
      'select * from private.session_keys',
      'select auth.session()',
      'create temporary table t (id int)',
      'create table public.mine (id int)',
      'drop owned by authenticator',
      'select * from pg_stat_activity',
    ]) {
      await assert.rejects(authenticator.query(statement), DENIED, statement)
    }
  })

  test('owns nothing', async () => {
    const { rows } = await owner.query(
      `select from pg_shdepend
       where refclassid = 'pg_authid'::regclass and deptype = 'o'
         and refobjid in ('authenticator'::regrole, 'authenticated'::regrole, 'anonymous'::regrole)`,
    )
    assert.deepEqual(rows, [])
  })

  test('has time limits', async () => {
    const { rows } = await authenticator.query(
      `select name, setting from pg_settings where source = 'user' and name in
         ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
    )
    assert.deepEqual(rows, [
      { name: 'idle_in_transaction_session_timeout', setting: '30000' },
      { name: 'lock_timeout', setting: '5000' },
      { name: 'statement_timeout', setting: '30000' },
    ])
  })
})

describe('every table that users can reach', () => {
  test('has row-level security, and a policy for each command that was granted', async () => {
    const { rows } = await owner.query<{ open: string }>(`
      select format('%s on %s for %s', command, c.oid::regclass, role) as open
      from pg_class as c
      cross join unnest(array['authenticated', 'anonymous', 'moderator']) as role
      cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd'))
        as commands (command, letter)
      where c.relkind in ('r', 'p')
        and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        -- A random number that changes with the schema, and no row of any user's.
        and not (command = 'select' and c.oid = 'proxy_state.schema_version'::regclass)
        and case command
          when 'delete' then has_table_privilege(role, c.oid, command)
          else has_any_column_privilege(role, c.oid, command)
        end
        and not (c.relrowsecurity and exists (
          select from pg_policy as p
          where p.polrelid = c.oid and p.polcmd in (letter, '*')
            and (role::regrole = any (p.polroles) or p.polroles = '{0}')))`)
    assert.deepEqual(rows, [])
  })

  test('cannot be emptied by them with TRUNCATE, which policies do not cover', async () => {
    const { rows } = await owner.query(`
      select c.oid::regclass from pg_class as c
      cross join unnest(array['authenticated', 'anonymous', 'moderator']) as role
      where c.relkind in ('r', 'p') and has_table_privilege(role, c.oid, 'truncate')`)
    assert.deepEqual(rows, [])
  })
})
