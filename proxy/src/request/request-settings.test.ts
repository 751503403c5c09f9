/** Settings in a connection string apply to its own requests only, or are refused by name. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { openGate } from '../gate/gate'
import { startPasswordProxy, type PasswordProxy } from '../../test/testing/password'
import type { OneProxy, TestProxy } from '../../test/testing/proxy'

let local: PasswordProxy
let proxy: TestProxy
/** With only one session, each request sees what the previous one left behind. */
let open: OneProxy
before(async () => {
  local = await startPasswordProxy({ PROXY_POOL_SIZE: '1' })
  proxy = local.proxy
  open = await proxy.another({
    env: { PROXY_POOL_SIZE: '1', PROXY_STATEMENT_TIMEOUT_MS: '8000' },
    overrides: { gate: openGate },
  })
  await proxy.asOwner('create table moments (at timestamptz)')
  await proxy.asOwner('grant select, insert on moments to authenticated')
})
after(() => local.stop())

/** As the stock driver sends it. */
function sql(query: string, { sqlUrl }: Pick<OneProxy, 'sqlUrl'> = open) {
  neonConfig.fetchEndpoint = sqlUrl
  return neon(`${proxy.connectionString}${query}`, {
    authToken: () => proxy.issuer.token('alice'),
  })
}

const options = (text: string) => `?sslmode=require&options=${encodeURIComponent(text)}`
const SETTINGS = `select current_setting('TimeZone'), current_setting('application_name'),
  current_setting('statement_timeout'), current_setting('lock_timeout')`
const read = async (query: string) => {
  const [row] = await sql(query).query(SETTINGS, [], { arrayMode: true })
  return row
}

test('a safe setting applies to the requests that ask for it, in every notation', async () => {
  const usual = await read('')
  assert.deepEqual(usual?.slice(1), ['sql-proxy', '8s', '5s'])
  const wanted = ['Asia/Tokyo', 'my app', '500ms', '2s']
  for (const query of [
    options(
      '-c timezone=Asia/Tokyo -c application_name=my\\ app -c statement_timeout=500 -c lock_timeout=2s',
    ),
    options(
      '-cTimeZone=Asia/Tokyo --application-name=my\\ app --statement_timeout=500ms -clock_timeout=2000',
    ),
    options('  -c   TIMEZONE=UTC  -c timezone=Asia/Tokyo --application_name=my\\ app') +
      '&statement_timeout=0.5s&lock-timeout=2000',
    '?options=-c%20timezone%3DAsia/Tokyo+--application_name%3Dmy%5C%20app&options=-c+statement_timeout=500+-c+lock_timeout=2000',
  ]) {
    assert.deepEqual(await read(query), wanted, query)
    assert.deepEqual(await read(''), usual)
    // The same for a batch; an error leaves nothing behind.
    const batch = sql(query)
    assert.deepEqual((await batch.transaction([batch.query(SETTINGS)], { arrayMode: true }))[0], [
      wanted,
    ])
    await assert.rejects(batch.query('select 1 / $1::int', [0]), { code: '22012' })
    assert.deepEqual(await read(''), usual)
  }
})

test('a requested time limit applies', async () => {
  await assert.rejects(
    sql(options('-c statement_timeout=100')).query(
      'select count(*) from generate_series(1, 1000000000)',
    ),
    {
      code: '57014',
    },
  )
})

test('parameters that clients always send are not refused', async () => {
  for (const query of [
    '?sslmode=require&channel_binding=require',
    '?pgbouncer=true&connect_timeout=10&schema=public&connection_limit=1&pool_timeout=0',
    options('endpoint=ep-quiet-dew-123456'),
    options('project=quiet-dew -c datestyle=iso,\\ mdy'),
    options(
      "-c client_encoding='utf8' -c intervalstyle=POSTGRES -c standard_conforming_strings=on",
    ),
    '?client_encoding=UTF8',
    '?options=',
  ]) {
    assert.deepEqual(await sql(query, proxy).query('select 1 as n'), [{ n: 1 }], query)
  }
})

test('any other setting is refused by name', async () => {
  for (const [query, name] of [
    [options('-c search_path=app'), 'search_path'],
    [options('-csearch_path=app'), 'search_path'],
    [options('--search_path=app'), 'search_path'],
    [options('--search-path=pg_temp,public'), 'search_path'],
    ['?search_path=app', 'search_path'],
    ['?Search_Path=app', 'search_path'],
    [options('-c timezone=UTC -c SEARCH_PATH=app'), 'search_path'],
    [options('-c role=postgres'), 'role'],
    [options('-c auth.session_token=forged'), 'auth.session_token'],
    [options('-c auth.session\\_token=forged'), 'auth.session_token'],
    [options('-c session_authorization=postgres'), 'session_authorization'],
    [options('-c row_security=off'), 'row_security'],
    [options('-c datestyle=German'), 'datestyle'],
    ['?datestyle=German', 'datestyle'],
    [options('-c statement_timeout=0'), 'statement_timeout'],
    [options('-c statement_timeout=8001'), 'statement_timeout'],
    [options('-c statement_timeout=1h'), 'statement_timeout'],
    [options('-c statement_timeout=-1'), 'statement_timeout'],
    ['?statement_timeout=none', 'statement_timeout'],
    [options('-c lock_timeout=0'), 'lock_timeout'],
    [options('-c work_mem=1GB'), 'work_mem'],
    [options('-c plan_cache_mode=force_custom_plan'), 'plan_cache_mode'],
    [options('-d 5'), '-d'],
    [options('-c'), '-c'],
    [options('-c timezone'), '-c'],
    [options('search_path=app'), 'search_path=app'],
    [options('-c timezone=UTC\0user'), 'timezone'],
    [options('-c application_name=a\\\nb'), 'application_name'],
  ] as const) {
    const { status, headers, json } = await proxy.post(
      { query: 'select 1' },
      {
        sqlUrl: open.sqlUrl,
        headers: { 'neon-connection-string': `${proxy.connectionString}${query}` },
      },
    )
    assert.equal(status, 400, query)
    assert.equal(headers.get('proxy-error-code'), 'connection_option_refused', query)
    assert.ok(String(json.message).includes(`"${name}"`), `${query}: ${String(json.message)}`)
    assert.ok(String(json.hint) !== 'null')
  }
})

test('a value that Postgres rejects is refused with its message', async () => {
  await assert.rejects(sql(options('-c timezone=Nowhere')).query('select 1'), {
    code: '22023',
    message: 'invalid value for parameter "TimeZone": "Nowhere"',
  })
})

test('constants are interpreted in the request’s own time zone and at its own time', async () => {
  const noon = `select '2026-07-01 12:00'::timestamptz as at`
  for (const [zone, hour] of [
    ['UTC', 12],
    ['Asia/Tokyo', 3],
    ['America/New_York', 16],
    ['UTC', 12],
  ] as const) {
    for (let i = 0; i < 2; i++) {
      const [row] = await sql(options(`-c timezone=${zone}`), proxy).query(noon)
      assert.equal(
        (row?.at as Date).toISOString(),
        `2026-07-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
      )
    }
  }
})

test(`words such as 'today' mean the time of each request`, async () => {
  for (const now of [
    `'now'`,
    `' Now '`,
    `'now()'`,
    `/* it's */ 'now'`,
    `'today ' || '12:00'`,
    `E'n\\x6fw'`,
    `$$now$$`,
    `$x$now$x$`,
    `$x1$now$x1$`,
    `U&'n\\006fw'`,
    `'n'\n'ow'`,
  ]) {
    const query = `insert into moments values (${now.includes('||') ? `'now'` : now}) returning at::text as at`
    const first = await sql('', proxy).query(query)
    const second = await sql('', proxy).query(query)
    assert.notDeepEqual(first, second, now)
  }
})

test('a role that logs in by password may set what Postgres allows, except formats of values', async () => {
  neonConfig.fetchEndpoint = proxy.sqlUrl
  const as = (text: string) => neon(`${local.connectionString()}${options(text)}`)
  const path = `select current_setting('search_path') as p, current_setting('work_mem') as m`
  await proxy.asOwner('create schema tenant')
  const set = as('-c search_path=tenant,\\ public -c work_mem=5MB')
  assert.deepEqual(await set.query(path), [{ p: 'tenant, public', m: '5MB' }])
  assert.deepEqual(await as('-c work_mem=6MB').query(path), [{ p: '"$user", public', m: '6MB' }])
  assert.deepEqual(await as('-c DateStyle=ISO,MDY').query('select 1 as n'), [{ n: 1 }])
  for (const [text, message] of [
    ['-c datestyle=German', /option "datestyle" is always "ISO, MDY" here/],
    ['-c no_such_setting=1', /unrecognized configuration parameter "no_such_setting"/],
    ['-c work_mem=lots', /invalid value for parameter "work_mem"/],
    ['-c shared_buffers=1', /"shared_buffers" cannot be changed/],
  ] as const) {
    await assert.rejects(as(text).query('select 1'), { message })
  }
})

test('formats of values are the same for a role that logs in by password, whatever its settings', async () => {
  neonConfig.fetchEndpoint = proxy.sqlUrl
  const values = `select date '2026-03-04' as day, timestamptz '2026-03-04 05:06:07+00' as at,
    interval '1 day' as span, 0.1::float8 + 0.2::float8 as sum`
  const ask = () => neon(`${local.connectionString()}?options=-c%20work_mem%3D7MB`).query(values)
  for (const set of [
    `datestyle = 'German, DMY'`,
    `intervalstyle = 'iso_8601'`,
    `extra_float_digits = 0`,
  ]) {
    await proxy.asOwner(`alter role ${local.keeper} set ${set}`)
  }
  const [row] = await ask()
  assert.equal((row?.at as Date).toISOString(), '2026-03-04T05:06:07.000Z')
  assert.deepEqual([(row?.day as Date).getMonth(), JSON.stringify(row?.span)], [2, '{"days":1}'])
  assert.equal(row?.sum, 0.1 + 0.2)
})
