import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ProxyError } from '../errors'
import { contextOf } from '../../test/testing/work-context'
import { createGate, type Gate } from './gate'

let gate: Gate
before(async () => {
  gate = await createGate(['public.search_memos', 'pg_catalog.lpad'])
})

async function refusal(sql: string): Promise<ProxyError> {
  const outcome = await gate(sql).then(
    () => assert.fail(`let through: ${sql}`),
    (error: unknown) => error,
  )
  assert.ok(outcome instanceof ProxyError, `${sql}: ${String(outcome)}`)
  return outcome
}

function refuses(title: string, statements: readonly string[]): void {
  test(title, async () => {
    for (const sql of statements) {
      const { code, fields } = await refusal(sql)
      assert.equal(code, 'statement_refused', sql)
      assert.equal(fields.code, '42501', sql)
    }
  })
}

function allows(title: string, statements: readonly string[]): void {
  test(title, async () => {
    for (const sql of statements) assert.equal((await gate(sql)).leavesState, false, sql)
  })
}

allows('what an application does all day goes through', [
  'select * from memos',
  'select t.id, t.body from public.memos as t where t.user_id = auth.user_id() order by t.inserted_at desc limit 10 offset $1',
  'insert into memos (body) values ($1), ($2) returning id, body',
  'insert into memos (id, body) values ($1, default) on conflict (id) do update set body = excluded.body where memos.is_archived',
  'update memos set is_archived = not is_archived where id = $1::uuid returning *',
  'delete from memos using lists where lists.id = memos.list_id',
  'merge into memos t using (values (1)) s (id) on t.id = s.id when matched then update set body = $1 when not matched then insert (body) values ($2)',
  'values (1, 2), (3, 4)',
  'table memos',
  'with recursive t (n) as (select 1 union all select n + 1 from t where n < 5) select n from t',
  'with d as (delete from memos returning *) select count(*) from d',
  'select * from memos for update skip locked',
  'select distinct on (user_id) user_id, row_number() over w from memos window w as (partition by user_id order by id)',
  'select a, b, grouping(a) from t group by rollup (a, b)',
])

allows('harmless functions, casts and operators go through', [
  `select lower(body) || '!', now(), coalesce(a, b), nullif(a, b), greatest(a, b), extract(year from d) from t`,
  `select count(*) filter (where a), sum(b), string_agg(c, ',' order by d), percentile_cont(0.5) within group (order by e) from t`,
  `select '1'::int, cast($1 as text[]), date '2024-01-01', interval '1 day', 1::numeric(10, 2), 'sad'::public.mood, x::mood[]`,
  `select a->>'b', a @> '{}', a ~ 'x', a = any($1), a is distinct from b, (a, b) in ((1, 2)) from t`,
  `select e.key, e.value from t, jsonb_each(t.data) e`,
  `select g from generate_series(1, 3) g`,
  `select g.g from generate_series(1, 3) as g`,
  `select u.a from unnest($1::int[]) as u (a)`,
  `select r.a from json_to_recordset($1) as r (a int, b text)`,
  `select auth.session(), auth.jwt(), auth.uid(), auth.organization(), auth.organization_id()`,
  `select pg_catalog.lower('A'), current_user, current_timestamp, d at time zone 'UTC' from t`,
  `select to_tsvector('english', body) @@ websearch_to_tsquery('english', $1) from memos`,
  `select body collate "C" from memos`,
  // Drizzle's relational queries
  `select "memos"."id", "memos_author"."data" as "author" from "memos" "memos" left join lateral (select json_build_array("memos_author"."id") as "data" from (select * from "users" "memos_author" limit $1) "memos_author") "memos_author" on true`,
])

allows('a statement with nothing in it goes through to do nothing', [
  '',
  ' ',
  ';',
  '-- nothing',
  '/* */',
])

test('a function of the owner passes with its qualified name, and counts as leaving state behind', async () => {
  const leaves = { leavesState: true, isRead: false, holdsContent: true }
  assert.deepEqual(await gate(`select * from public.search_memos('x')`), leaves)
  assert.deepEqual(await gate(`select lpad('a', 3)`), leaves)
  for (const both of [
    `public.search_memos('x'), pg_sleep(1)`,
    `pg_sleep(1), public.search_memos('x')`,
  ]) {
    const { message } = await refusal(`select ${both}`)
    assert.match(message, /pg_sleep\(\) is not on the list/)
  }
  const { message } = await refusal(`select search_memos('x')`)
  assert.match(
    message,
    /search_memos\(\) is called without its schema: write public\.search_memos$/,
  )
})

refuses('statements that are no queries are refused', [
  `set role authenticator`,
  `reset role`,
  `set session authorization default`,
  `set search_path = evil`,
  `set local auth.session_token = 'forged'`,
  `alter role authenticated set search_path = evil`,
  `begin`,
  `commit`,
  `savepoint a`,
  `do $$ begin perform pg_sleep(1); end $$`,
  `create temp table memos (id int)`,
  `create function f() returns int language sql as 'select 1'`,
  `create operator === (leftarg = int, rightarg = int, function = int4eq)`,
  `drop table memos`,
  `truncate memos`,
  `copy memos to stdout`,
  `copy memos from program 'id'`,
  `explain analyze select 1`,
  `prepare p as select 1`,
  `execute p`,
  `deallocate all`,
  `declare c cursor for select 1`,
  `fetch all from c`,
  `listen a`,
  `notify a`,
  `lock table memos`,
  `call p()`,
  `vacuum`,
  `show all`,
  `discard all`,
  `grant all on memos to public`,
  `refresh materialized view v`,
  `load 'x'`,
  `comment on table memos is 'x'`,
  `prepare transaction 'x'`,
])

refuses('statements hidden in Unicode escapes and comments are seen for what they are', [
  `/* select 1 */ set role x`,
  `select U&"\\0070g_sleep"(1)`,
  `select "pg_sleep"(1)`,
  `select Pg_SLEEP/**/(1)`,
  `select * from U&"pg_\\0061uthid"`,
  `select e'\\'', pg_sleep(1) --'`,
])

refuses('functions that reach beyond their arguments are refused wherever they stand', [
  `select set_config('auth.session_token', 'x', false)`,
  `select pg_catalog.set_config('role', 'x', true)`,
  `with a as (select set_config('role', 'x', true)) select 1`,
  `update memos set body = (select set_config('role', 'x', true))`,
  `insert into memos (body) values (set_config('role', 'x', true))`,
  `delete from memos where exists (select set_config('role', 'x', true))`,
  `select 1 order by pg_sleep(1)`,
  `select 1 limit (select pg_sleep(1)::text::int)`,
  `select count(*) filter (where pg_sleep(1) is null) from memos`,
  `select sum(1) over (order by pg_sleep(1))`,
  `select 1 from memos join lists on pg_sleep(1) is null`,
  `select * from pg_sleep(1)`,
  `select * from rows from (generate_series(1, 2), pg_sleep(1))`,
  `insert into memos (id) values (1) on conflict (lower(pg_sleep(1)::text)) do nothing`,
  `insert into memos (id) values (1) on conflict do nothing returning pg_sleep(1)`,
  `merge into t using s on pg_sleep(1) is null when matched then delete`,
  `values (pg_sleep(1))`,
  `select array[pg_sleep(1)], row(pg_sleep(1)), case when true then pg_sleep(1) end`,
  `select current_setting('auth.session_token')`,
  `select query_to_xml('select 1', true, true, '')`,
  `select table_to_xml('memos', true, true, '')`,
  `select cursor_to_xml('c', 1, true, true, '')`,
  `select database_to_xml(true, true, '')`,
  `select * from ts_stat('select 1')`,
  `select ts_rewrite('a'::tsquery, 'select 1')`,
  `select dblink('x', 'select 1')`,
  `select public.dblink('x', 'select 1')`,
  `select lo_import('/etc/passwd'), lo_get(1)`,
  `select pg_terminate_backend(1)`,
  `select pg_advisory_lock(1)`,
  `select pg_notify('a', 'b')`,
  `select pg_read_file('/etc/passwd')`,
  `select nextval('s'), currval('s'), lastval(), setval('s', 1)`,
  `select setseed(0.5)`,
  `select has_table_privilege('memos', 'select')`,
  `select format_type(23, 0)`,
  `select to_regclass('x')`,
  `select txid_current()`,
  `select version()`,
  `select repeat('x', 1000000000)`,
  `select private.harden()`,
  `select auth.other()`,
  `select other.auth.user_id()`,
  `select xpath('/a', '<a/>')`,
  `select collation for ('a')`,
  `select system_user`,
])

refuses('a type name used as a function is refused like the cast that it is', [
  `select regclass('memos')`,
  `select xml('<a/>')`,
])

refuses('x.f, which calls f(x) in Postgres, is refused where f could be a function', [
  `select x.pg_sleep from generate_series(1, 1) x`,
  `select x.current_setting from unnest(array['work_mem']) x`,
  `select x.regclass from unnest(array['memos']) as x`,
  `select x.lastval from generate_series(1, 1) as x (a)`,
  `select generate_series.lo_get from generate_series(1, 1)`,
  `select int4.lo_get from cast(1 as int4)`,
  `select x.nextval from rows from (unnest(array['s'])) x`,
  `select current_setting.current_setting from jsonb_array_elements_text('["work_mem"]') as current_setting`,
  `select current_setting.current_setting from unnest(array['work_mem']) as current_setting (a)`,
  `select (select x.nextval from unnest(array['s']) x (nextval)), x.nextval from unnest(array['s']) x`,
  `select 1 from unnest(array['s']) x, lateral (select x.nextval) y`,
  `select (0).pg_sleep`,
  `select ('work_mem'::text).current_setting`,
  `select $1.current_setting`,
  `select ($1).nextval`,
  `select (array['memos'])[1].regclass`,
  `select (select 's').nextval`,
  `select (x).current_setting from unnest(array['a']) x`,
  `select t.pg_column_size from memos t`,
])

refuses('system tables, secrets and system columns are refused', [
  `select * from pg_stat_activity`,
  `select * from pg_catalog.pg_authid`,
  `select * from information_schema.tables`,
  `select * from private.session_keys`,
  `select * from pg_temp.memos`,
  `select * from pg_toast.pg_toast_1`,
  `select * from memos.public.memos`,
  `update pg_settings set setting = '1'`,
  `insert into pg_description values (1)`,
  `delete from pg_catalog.pg_class`,
  `merge into memos using pg_roles r on true when matched then delete`,
  `select 1 from memos where exists (table pg_user)`,
  `select xmin from memos`,
  `select t.ctid from memos t`,
  `select tableoid::int from memos`,
  `delete from memos where ctid = '(0,1)'`,
])

refuses('types that look into the catalogs are refused in every notation', [
  `select 'memos'::regclass`,
  `select regclass 'memos'`,
  `select cast('memos' as pg_catalog.regclass)`,
  `select array['memos']::regclass[]`,
  `select '{memos}'::_regclass`,
  `select 'pg_read_all_data'::regrole`,
  `select * from json_to_record('{"a":"memos"}') as t (a regclass)`,
  `select * from json_to_recordset('[]') as t (a regtype[])`,
  `select null::pg_class`,
  `select null::pg_catalog.pg_authid`,
  `select null::private.session_keys`,
  `select json_populate_record(null::information_schema.tables, '{}')`,
  `select 'a=r/b'::aclitem`,
  `select '<a/>'::xml`,
  `select '1'::xid`,
])

refuses('constructs outside the grammar that we know are refused', [
  `select 1 into other`,
  `select * from memos tablesample system (1)`,
  `delete from memos where current of c`,
  `select xmlelement(name a)`,
  `select * from xmltable('/a' passing '<a/>' columns b int)`,
  `select * from json_table('[]', '$' columns (a regclass path '$'))`,
  `select 1 operator(evil.+) 1`,
  `select 1 from t order by a using operator(evil.<)`,
  `select a = operator_any(1)`,
  `select 'a' collate pg_toast."C"`,
])

test('several commands are refused with Postgres’ own error', async () => {
  const error = await refusal('select 1; select 2')
  assert.equal(error.fields.code, '42601')
  assert.equal(error.message, 'cannot insert multiple commands into a prepared statement')
})

test('a syntax error has Postgres’ own message and position', async () => {
  const error = await refusal(`select 'ä' frm x where`)
  assert.equal(error.code, 'statement_syntax')
  assert.equal(error.message, 'syntax error at or near "x"')
  assert.deepEqual(error.fields, { code: '42601', severity: 'ERROR', position: '16' })
})

test('a refusal names the cause and its position in characters', async () => {
  const error = await refusal(`select 'ä', pg_sleep(1)`)
  assert.equal(
    error.message,
    'statement refused by the proxy: the function pg_sleep() is not on the list of allowed functions',
  )
  assert.equal(error.fields.position, '13')
})

test('the refusal of a listed function without its schema says how to write it', async () => {
  const own = await createGate(['public.search_memos:stable', 'a.twice', 'b.twice'])
  const told: readonly (readonly [sql: string, words: string])[] = [
    [
      'select search_memos($1)',
      'search_memos() is called without its schema: write public.search_memos',
    ],
    ['select * from SEARCH_MEMOS($1) as t', 'write public.search_memos'],
    ['delete from memos where id = any (search_memos($1))', 'write public.search_memos'],
    ['select twice(1)', 'write a.twice or b.twice'],
    ['select user_id()', 'write auth.user_id'],
    ['select other(1)', 'the function other() is not on the list of allowed functions'],
    ['select b.search_memos(1)', 'b.search_memos() is not on the list of allowed functions'],
  ]
  for (const [sql, words] of told) {
    const error = await own(sql).then(
      () => assert.fail(`let through: ${sql}`),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof ProxyError && error.message.endsWith(words), String(error))
  }
})

test('a NUL character is refused, even after a harmless statement', async () => {
  assert.equal((await refusal('select 1\0; drop table memos')).code, 'statement_refused')
})

test('a parser that overflowed is replaced, and the next statement is judged as usual', async () => {
  const bombs = [
    `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`,
    `select 1${'+1'.repeat(60_000)}`,
    `select ${'(select '.repeat(5_000)}1${')'.repeat(5_000)}`,
    `select 1${' union select 1'.repeat(15_000)}`,
    `select 1${'::int'.repeat(40_000)}`,
    `update t set (${Array.from({ length: 20_000 }, (_, i) => `c${i}`).join()}) = (select '${'x'.repeat(100_000)}')`,
  ]
  for (const bomb of bombs) {
    await assert.rejects(gate(bomb), ProxyError)
    await gate('select 1')
    assert.equal(process.exitCode, undefined)
    assert.equal((await refusal('select pg_sleep(1)')).code, 'statement_refused')
  }
})

test('deep nesting that the parser survives is walked without recursion', async () => {
  await gate(`select 1${'+1'.repeat(3_000)}`)
  assert.match(
    (await refusal(`select ${'lower('.repeat(1_000)}pg_sleep(1)${')'.repeat(1_000)}`)).message,
    /pg_sleep/,
  )
})

test('a statement longer than 4 MiB is refused unparsed, and the refusal names the variable', async () => {
  const { message, fields } = await refusal(`select '${'x'.repeat(4 * 1024 * 1024)}'`)
  assert.match(message, /bytes long, and PROXY_MAX_STATEMENT_BYTES allows 4194304/)
  assert.equal(fields.code, '54000')
})

test('a cached verdict equals the first one', async () => {
  for (let i = 0; i < 3; i++) {
    await gate('select 42')
    assert.match((await refusal('select pg_sleep(42)')).message, /pg_sleep/)
  }
})

test('reads are told apart from statements that write or lock, at any depth', async () => {
  const isRead = async (sql: string) => (await gate(sql)).isRead
  for (const sql of [
    'select * from memos',
    'values (1), (2)',
    'with t as (select 1) select * from t union select 2',
  ]) {
    assert.equal(await isRead(sql), true, sql)
  }
  for (const sql of [
    '',
    'delete from memos',
    'insert into memos (body) select body from memos',
    'select * from memos for update',
    'select * from (select * from memos for share) as t',
    'with t as (delete from memos returning id) select * from t',
    `with t as (insert into memos (body) values ('x') returning id) select count(*) from t`,
  ]) {
    assert.equal(await isRead(sql), false, sql)
  }
})

/** Whether a statement is judged for a user, which takes CPU time, or found in the cache. */
async function isJudgedAnew(user: string, sql: string): Promise<boolean> {
  const context = contextOf(user)
  await gate(sql, context).catch(() => undefined)
  return context.cpu.length > 0
}

test('a statement without constants is judged once for all users', async () => {
  const sql = 'select body from memos where id = $1 and is_archived = true and body is not null'
  assert.equal(await isJudgedAnew('alice', sql), true)
  assert.equal(await isJudgedAnew('alice', sql), false)
  assert.equal(await isJudgedAnew('bob', sql), false)
})

test('the time does not reveal whether another user has sent a text with constants', async () => {
  const texts = [
    `select 1 from memos where body = 'alice, 1'`,
    `select 4711 from memos`,
    `select 1.5::float8 from memos`,
    `select x'4711' from memos`,
    `select body from memos /* alice, 1 */`,
    `select body from memos -- alice, 1`,
    `insert into memos (body) values ('alice, 1')`,
    `update memos set body = $1 where body like 'alice, 1%'`,
    // Refused statements and invalid SQL must not reveal that another user has tried them.
    `select pg_sleep('1')`,
    `select body from pg_class`,
    `selec 'alice, 1'`,
    `select '${'x'.repeat(20_000)}'`,
  ]
  for (const sql of texts) {
    assert.equal(await isJudgedAnew('alice', sql), true, sql)
    assert.equal(await isJudgedAnew('bob', sql), true, sql)
    assert.equal(await isJudgedAnew('alice', sql), false, sql)
    assert.equal(await isJudgedAnew('bob', sql), false, sql)
  }
})

test('a text with constants is cached separately for each user', async () => {
  const sql = `select 1 from memos where body = 'alice, 2'`
  const ofAlice = await gate(sql, contextOf('alice'))
  assert.equal(await gate(sql, contextOf('alice')), ofAlice)
  assert.notEqual(await gate(sql, contextOf('bob')), ofAlice)
})

test('a quadratic tree is refused early, and again from the cache', async () => {
  const bomb = (columns: number) =>
    `update memos set (${Array(columns).fill('body').join()}) = row(${Array(columns).fill('1').join()}) where id = '0'`
  for (const columns of [700, 2_000, 8_000]) {
    const error = await refusal(bomb(columns))
    assert.equal(error.code, 'statement_refused')
    assert.equal(error.fields.code, '54001')
    assert.equal(await isJudgedAnew('', bomb(columns)), false)
  }
})

test('a long list of constants, as applications send it, passes', async () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => i).join()
  await gate(`select * from memos where id in (${numbers})`)
  await gate(`insert into memos (id, body) values ${Array(10_000).fill("(1, 'Buy milk')").join()}`)
})
