import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena({ PROXY_STATEMENT_TIMEOUT_MS: '1500' })
  // Grants everything that the roles forbid, so that only the reset protects.
  await arena.proxy.asOwner(`do $$
    declare f regprocedure;
    begin
      execute format('grant temporary, create on database %I to public', current_database());
      grant create on schema public to public;
      grant usage on language plpgsql to public;
      for f in
        select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace and not
          has_function_privilege('authenticated', oid, 'execute')
      loop
        execute format('grant execute on function %s to public', f);
      end loop;
      drop event trigger users_define_nothing;
    end $$`)
  await arena.proxy.asOwner('create sequence public.numbers')
  await arena.proxy.asOwner('grant usage on sequence public.numbers to authenticated')
})
after(() => arena.proxy.stop())

const setting = (name: string) => `select current_setting('${name}', true) as s`

/** [what Bob leaves, Alice's query for it, her result: a value or an error code] */
const traces: readonly [leave: string, look: string, found: unknown][] = [
  // DISCARD ALL, in the order of its page in the manual
  [`declare c cursor with hold for select 'left'`, `fetch c`, '34000'],
  [
    `declare c cursor with hold for select 1`,
    `select count(*)::int as s from pg_cursors where name = 'c'`,
    0,
  ],
  [`set session authorization default`, `select current_user::text as s`, 'authenticated'],
  [`reset session authorization`, `select session_user::text as s`, 'authenticator'],
  [`set search_path = evil`, setting('search_path'), 'public, pg_temp'],
  [`set statement_timeout = 0`, setting('statement_timeout'), '1500ms'],
  [`set lock_timeout = 1`, setting('lock_timeout'), '5s'],
  [`set row_security = off`, setting('row_security'), 'on'],
  [`set default_transaction_read_only = on`, setting('transaction_read_only'), 'off'],
  [
    `set default_transaction_isolation = serializable`,
    setting('transaction_isolation'),
    'read committed',
  ],
  [`set client_encoding = latin1`, setting('client_encoding'), 'UTF8'],
  [`set standard_conforming_strings = off`, setting('standard_conforming_strings'), 'on'],
  [`set datestyle = 'German'`, `select '2026-01-02'::date::text as s`, '2026-01-02'],
  [`set bytea_output = escape`, `select '\\x00'::bytea::text as s`, '\\x00'],
  [`set timezone = 'Asia/Tokyo'`, `select current_setting('timezone') = 'Asia/Tokyo' as s`, false],
  [`set auth.session_token = 'forged'`, `select auth.user_id() as s`, 'alice'],
  [
    `select set_config('auth.session_token', 'forged', false)`,
    `select auth.user_id() as s`,
    'alice',
  ],
  [`set mine.note = 'left'`, `select coalesce(current_setting('mine.note', true), '') as s`, ''],
  [`set role anonymous`, `select current_user::text as s`, 'authenticated'],
  [`set role none`, `select current_user::text as s`, 'authenticated'],
  [
    `select set_config('role', 'anonymous', false)`,
    `select current_user::text as s`,
    'authenticated',
  ],
  [`listen x`, `select count(*)::int as s from pg_listening_channels()`, 0],
  [
    `select pg_advisory_lock(1)`,
    `select count(*)::int as s from pg_locks where locktype = 'advisory'`,
    0,
  ],
  [
    `select pg_advisory_lock_shared(1, 2)`,
    `select count(*)::int as s from pg_locks where locktype = 'advisory'`,
    0,
  ],
  [`prepare p as select 'left'`, `execute p`, '26000'],
  [
    `prepare p as select 1`,
    `select count(*)::int as s from pg_prepared_statements where name = 'p'`,
    0,
  ],
  [`deallocate all`, `select 1 as s`, 1],
  [`discard plans`, `select 1 as s`, 1],
  [`set plan_cache_mode = force_generic_plan`, setting('plan_cache_mode'), 'auto'],
  [`create temp table memos (user_id text, body text)`, `select user_id as s from memos`, 'alice'],
  [
    `create temp view memos as select 'x'::text as user_id`,
    `select user_id as s from memos`,
    'alice',
  ],
  [`create temp table t as select 'left' as s`, `select s from t`, '42P01'],
  [
    `create function pg_temp.f() returns text language sql as 'select 1'`,
    `select pg_temp.f() as s`,
    '42883',
  ],
  [`select nextval('public.numbers')`, `select lastval()::int as s`, '55000'],
  [`select nextval('public.numbers')`, `select currval('public.numbers')::int as s`, '55000'],
  // and what it leaves to the end of the transaction, or does not undo
  [`begin`, `select pg_current_xact_id_if_assigned() is null as s`, true],
  [`begin isolation level serializable read only`, setting('transaction_read_only'), 'off'],
  [`start transaction; select 1 / 0`, `select 1 as s`, 1],
  [`savepoint s`, `rollback to s`, '25P01'],
  [`set transaction read only`, setting('transaction_read_only'), 'off'],
  [`set constraints all deferred`, `select 1 as s`, 1],
  [`select lo_open(lo_create(0), 131072)`, `select loread(0, 1) as s`, '42704'],
  [`select pg_export_snapshot()`, `set transaction snapshot '00000003-0000001B-1'`, '25001'],
  [`load '$libdir/plpgsql'`, `select 1 as s`, 1],
  [`select pg_notify('x', 'left')`, `select 1 as s`, 1],
  [
    `do $$ begin perform set_config('mine.note', 'left', false); end $$`,
    `select coalesce(current_setting('mine.note', true), '') as s`,
    '',
  ],
]

describe('with everything allowed, nothing of Bob’s request remains for Alice’s on the same session', () => {
  for (const [leave, look, found] of traces) {
    test(`${leave} → ${look.slice(0, 60)}`, async () => {
      await arena.bob(arena.open, leave)
      const { json } = await arena.alice(arena.open, look)
      const rows = json.rows as { s: unknown }[] | undefined
      assert.deepEqual(rows === undefined ? json.code : rows.map(({ s }) => s)[0], found)
    })
  }

  test('a user who set the seed cannot predict random() for the next', async () => {
    const drawn = new Set<unknown>()
    for (let i = 0; i < 3; i++) {
      await arena.bob(arena.open, i % 2 === 0 ? 'set seed = 0.5' : 'select setseed(0.5)')
      drawn.add(JSON.stringify((await arena.alice(arena.open, 'select random() as s')).json.rows))
    }
    assert.equal(drawn.size, 3)
  })
})

test('a reset that fails closes the session', async () => {
  const { bob, alice, open, proxy } = arena
  const pid = async () => (await alice(open, 'select pg_backend_pid() as pid')).text
  const before = await pid()
  assert.equal(await pid(), before, 'a reset that works keeps it')

  // The reset drops Bob's table, which fails while another session reads it.
  const left = bob(open, [
    `create temp table held (a int)`,
    `set search_path = evil`,
    `commit`,
    `select pg_sleep(1)`,
    `begin`,
  ])
  await proxy.asOwner('begin')
  try {
    let schema: string | undefined
    while (schema === undefined) {
      const rows = await proxy.asOwner(
        `select relnamespace::regnamespace::text as schema from pg_class where relname = 'held'`,
      )
      if (rows.length > 0) schema = String(rows[0]?.schema)
    }
    await proxy.asOwner(`lock table ${schema}.held in access share mode`)
    await left
    const after = await pid()
    assert.notEqual(after, before)
    const { json } = await alice(open, setting('search_path'))
    assert.deepEqual(json.rows, [{ s: 'public, pg_temp' }])
  } finally {
    await proxy.asOwner('rollback')
  }
})
