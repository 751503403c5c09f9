/** With hostile settings on the database and on the role, the stock driver still reads every value correctly. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { openGate } from '../gate/gate'
import { startTestProxy, type OneProxy, type TestProxy } from '../../test/testing/proxy'
import { PINNED_SETTINGS, settingsProblem } from './session-settings'

let proxy: TestProxy
let database: string
before(async () => {
  proxy = await startTestProxy()
  database = new URL(proxy.connectionString).pathname.slice(1)
  await proxy.asOwner('create schema app; create table app.places (name text)')
  await proxy.asOwner('create table public.places (name text)')
  await proxy.asOwner(`insert into app.places values ('app'); insert into places values ('public')`)
  await proxy.asOwner('grant usage on schema app to authenticated')
  await proxy.asOwner('grant select on app.places, public.places to authenticated')
})
after(() => proxy.stop())
/** Roles belong to the server, which other tests may share, so settings are limited to this database. */
const login = () => `role authenticator in database ${database}`
afterEach(async () => {
  await proxy.asOwner(`alter database ${database} reset all`)
  await proxy.asOwner(`alter ${login()} reset all`)
})

/** Starts a proxy whose sessions begin with the current settings of the database and the role. */
async function withFreshProxy(
  run: (fresh: OneProxy) => Promise<void>,
  { isGated = false } = {},
): Promise<void> {
  const fresh = await proxy.another(isGated ? {} : { overrides: { gate: openGate } })
  try {
    await run(fresh)
  } finally {
    await fresh.close()
  }
}

/** The driver's endpoint is global to the process. */
function driver(fresh: OneProxy, connectionString = proxy.connectionString) {
  neonConfig.fetchEndpoint = fresh.sqlUrl
  return neon(connectionString, { authToken: () => proxy.issuer.token('alice') })
}

/** Values on which the driver's parsers or the meaning of SQL depend. */
const VALUES = `select
  timestamptz '2026-03-04 05:06:07.891+00' as instant,
  timestamp '2026-03-04 05:06:07.891' as local,
  date '2026-03-04' as day,
  '03/04/2026'::date as ambiguous,
  array[timestamptz '2026-03-04 05:06:07+00'] as instants,
  interval '1 year 2 months 3 days 04:05:06.789' as span,
  array[interval '-1 day'] as spans,
  '1 02:03:04'::interval as read_span,
  0.1::float8 + 0.2::float8 as float8, 0.1::float4 as float4, array[0.1::float8 + 0.2::float8] as floats,
  '\\x00ff41'::bytea as bytes, '\\x00'::bytea::text as bytes_text, array['\\x5c'::bytea] as many_bytes,
  '{NULL,x}'::text[] as with_null,
  null = null as is_null,
  'a\\b' as backslash, E'it\\'s' as quoted,
  quote_ident('plain') as ident, 'memos'::regclass as class,
  to_json(0.1::float8 + 0.2::float8) as json, to_jsonb(timestamptz '2026-03-04 05:06:07+00')::text as jsonb,
  timestamptz '2026-03-04 05:06:07 EST' as abbreviated,
  row(date '2026-03-04', interval '1 day')::text as record,
  (select count(*)::int from memos) as rows,
  (select json_agg(current_setting(name) order by name) from unnest($1::text[]) as name) as settings`

const HOSTILE: readonly [setting: string, value: string][] = [
  ...['German, DMY', 'SQL, DMY', 'Postgres, MDY', 'ISO, DMY', 'ISO, YMD'].map(
    (value): [string, string] => ['DateStyle', value],
  ),
  ...['iso_8601', 'sql_standard', 'postgres_verbose'].map((value): [string, string] => [
    'IntervalStyle',
    value,
  ]),
  ...['-15', '0', '-3'].map((value): [string, string] => ['extra_float_digits', value]),
  ['bytea_output', 'escape'],
  ['client_encoding', 'LATIN1'],
  ['standard_conforming_strings', 'off'],
  ['backslash_quote', 'off'],
  ['xmlbinary', 'hex'],
  ['xmloption', 'document'],
  ['array_nulls', 'off'],
  ['transform_null_equals', 'on'],
  ['quote_all_identifiers', 'on'],
  ['timezone_abbreviations', 'Australia'],
  ['row_security', 'off'],
  ['default_transaction_isolation', 'serializable'],
  ['default_transaction_deferrable', 'on'],
  ['exit_on_error', 'on'],
  ['idle_session_timeout', '1'],
  ['client_min_messages', 'debug5'],
  ['role', 'authenticated'],
]

const quote = (value: string) => `'${value}'`
/** `search_path` and `DateStyle` take lists. */
const list = (name: string, value: string) =>
  /datestyle|search_path/i.test(name) ? value.split(', ').map(quote).join(', ') : quote(value)

test('every pinned setting has a hostile value here', () => {
  const tried = new Set(HOSTILE.map(([name]) => name))
  assert.deepEqual(
    Object.keys(PINNED_SETTINGS).filter((name) => !tried.has(name)),
    [],
  )
})

describe('values are written, read and interpreted the same', () => {
  let expected: unknown
  before(async () => {
    await withFreshProxy(async (fresh) => {
      expected = await driver(fresh).query(VALUES, [Object.keys(PINNED_SETTINGS)])
    })
  })
  for (const [name, value] of HOSTILE) {
    for (const whose of ['database', 'role'] as const) {
      test(`with ${name} = ${value} on the ${whose}`, async () => {
        const target = whose === 'database' ? `database ${database}` : login()
        await proxy.asOwner(`alter ${target} set ${name} = ${list(name, value)}`)
        await withFreshProxy(async (fresh) => {
          const sql = driver(fresh)
          const ask = () => sql.query(VALUES, [Object.keys(PINNED_SETTINGS)])
          assert.deepEqual(await ask(), expected)
          // Check again after an error, and after a reset.
          await assert.rejects(sql.query('select 1 / $1::int', [0]), { code: '22012' })
          assert.deepEqual(await ask(), expected)
          const level = `select current_setting('transaction_isolation') as level`
          assert.deepEqual(await sql.transaction([sql.query(level)]), [
            [{ level: 'read committed' }],
          ])
        })
      })
    }
  }
})

test('the owner may choose a time zone, and instants stay the same', async () => {
  const text = `select timestamptz '2026-03-04 05:06:07+00' as t, current_setting('TimeZone') as zone`
  for (const zone of ['America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham', '<+03>-03', 'UTC']) {
    await proxy.asOwner(`alter database ${database} set timezone = '${zone}'`)
    await withFreshProxy(async (fresh) => {
      const t = new Date('2026-03-04T05:06:07Z')
      assert.deepEqual(await driver(fresh).query(text), [{ t, zone }])
    })
  }
})

test('the owner’s search path applies, without schemas that would change the meaning of names', async () => {
  const ask = async (path: string) => {
    await proxy.asOwner(`alter ${login()} set search_path = ${path}`)
    let answer: unknown
    await withFreshProxy(async (fresh) => {
      ;[answer] = await driver(fresh).query(
        `select current_setting('search_path') as path, name from places`,
      )
    })
    return answer
  }
  const app = { path: 'app, public, pg_temp', name: 'app' }
  assert.deepEqual(await ask('app, public'), app)
  assert.deepEqual(await ask('pg_temp, app, public, pg_catalog'), app)
  assert.deepEqual(await ask('information_schema, "$user", app, APP, public'), app)
  const publicOnly = { path: 'public, pg_temp', name: 'public' }
  assert.deepEqual(await ask(`"$user", public`), publicOnly)
  const odd = { path: '"Odd ""name"", x", public, pg_temp', name: 'public' }
  assert.deepEqual(await ask(`"Odd ""name"", x", public`), odd)
})

test('a function in the owner’s search path counts as reachable without being named', async () => {
  await proxy.asOwner(`create function app.round(text) returns text return $1`)
  try {
    await withFreshProxy(async (fresh) => {
      assert.deepEqual(await driver(fresh).query('select 1 as n'), [{ n: 1 }])
    })
    await proxy.asOwner(`alter ${login()} set search_path = app, public`)
    await withFreshProxy(async (fresh) => {
      await assert.rejects(
        driver(fresh).query('select 1 as n'),
        /functions that SQL could call past/,
      )
    })
  } finally {
    await proxy.asOwner('drop function app.round(text)')
  }
})

test('a session that lacks a setting is not used', () => {
  const arrived = new Map([
    ...Object.entries(PINNED_SETTINGS),
    ['session_replication_role', 'origin'],
  ])
  assert.equal(settingsProblem(arrived), undefined)
  for (const name of Object.keys(PINNED_SETTINGS)) {
    const other = new Map([...arrived, [name, 'German']])
    assert.match(settingsProblem(other) ?? '', new RegExp(`${name} is "German" and not "`))
  }
})

test('if triggers are off for the login, nothing is served', async () => {
  await proxy.asOwner(`alter database ${database} set session_replication_role = replica`)
  await withFreshProxy(async (fresh) => {
    await assert.rejects(
      driver(fresh).query('select 1'),
      /session_replication_role is .{1,2}replica/,
    )
  })
})

/** Settings of these categories affect performance and logging, never results. */
const HARMLESS = [
  /^Query Tuning/,
  /^Reporting and Logging/,
  /^Resource Usage/,
  /^Statistics/,
  /^Vacuuming|^Autovacuum/,
  /^Write-Ahead Log/,
  /^Developer Options/,
  /^Replication/,
  // Settings of extensions and languages, which affect the owner's functions.
  /^Customized Options/,
  /^Lock Management/,
  /Authentication$/,
  /TCP Settings$/,
]
/** README.md gives the reasons. */
const LOOKED_AT = ['session_replication_role', 'search_path']
const OWNERS = `TimeZone lc_monetary lc_numeric lc_time lc_messages default_text_search_config
  default_transaction_read_only statement_timeout lock_timeout transaction_timeout
  idle_in_transaction_session_timeout gin_fuzzy_search_limit restrict_nonsystem_relation_kind
  local_preload_libraries session_preload_libraries dynamic_library_path extension_control_path
  event_triggers synchronize_seqscans escape_string_warning lo_compat_privileges`.split(/\s+/)
/** The pool probes its sessions every few seconds, and Postgres ends those that it does not hear from. */
const THE_POOLS = ['idle_session_timeout']
/** They affect statements that the gate refuses, or end with each transaction. */
const UNREACHABLE = `icu_validation_level check_function_bodies createrole_self_grant
  default_table_access_method default_tablespace default_toast_compression gin_pending_list_limit
  temp_tablespaces transaction_deferrable transaction_isolation transaction_read_only`.split(/\s+/)

test('every setting of a database or role is pinned, checked or deliberately left', async () => {
  const rows = await proxy.asOwner(
    `select name, category from pg_settings where context in ('user', 'superuser') and source <> 'override'`,
  )
  const known = new Set([
    ...Object.keys(PINNED_SETTINGS),
    ...[...LOOKED_AT, ...OWNERS, ...THE_POOLS, ...UNREACHABLE],
  ])
  const unknown = rows.filter(
    ({ name, category }) =>
      !known.has(String(name)) && !HARMLESS.some((pattern) => pattern.test(String(category))),
  )
  assert.deepEqual(unknown, [])
})
