import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPasswordProxy, type PasswordProxy } from '../../test/testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
  await local.ask('create table kept (id int primary key)')
})
after(() => local.stop())

const value = async (query: string): Promise<unknown> => {
  const { json } = await local.ask({ query, arrayMode: true })
  assert.ok(Array.isArray(json.rows), JSON.stringify(json))
  return (json.rows as unknown[][])[0]?.[0]
}
const pid = () => value('select pg_backend_pid()')

test('a session is reused for the same credentials', async () => {
  assert.equal(await pid(), await pid())
})

test('each request has its own transaction', async () => {
  const transaction = () => value('select pg_current_xact_id()::text')
  const before = await pid()
  assert.notEqual(await transaction(), await transaction())
  assert.equal(await pid(), before)
})

test('a change of the schema counts from the next request, for variables of functions as well', async () => {
  await local.ask('create table due (v timestamp)')
  await local.ask(`create function keep(a text) returns text language plpgsql as $$
    declare x due.v%type := a; begin insert into due (v) values (x); return x::text; end $$`)
  const keep = () =>
    value(`select keep('2026-01-01T12:00:00+05:00') from set_config('timezone', 'UTC', false)`)
  assert.equal(await keep(), '2026-01-01 12:00:00')
  const before = await pid()
  assert.equal(await keep(), '2026-01-01 12:00:00')
  // From another connection, and then by the role itself.
  await local.proxy.asOwner('alter table due alter column v type timestamptz')
  assert.equal(await keep(), '2026-01-01 07:00:00+00')
  assert.notEqual(await pid(), before)
  await local.ask('alter table due alter column v type text')
  assert.equal(await keep(), '2026-01-01T12:00:00+05:00')
  assert.equal(await pid(), await pid())
  await local.ask('drop table due')
})

test('without schema versions, a session serves one request', async () => {
  const database = `plain_${process.pid}`
  await local.ask(`create database ${database}`)
  const pidThere = async () =>
    (await local.ask('select pg_backend_pid() as pid', { database })).json.rows
  try {
    assert.notDeepEqual(await pidThere(), await pidThere())
  } finally {
    await local.ask(`drop database ${database} with (force)`)
  }
})

test('a BEGIN that is left open is rolled back', async () => {
  const before = await pid()
  const { json } = await local.ask('begin')
  assert.deepEqual([json.command, json.rowCount], ['BEGIN', null])
  await local.ask('insert into kept values (1)')
  assert.equal((await local.ask('rollback')).status, 200)
  assert.equal(await value('select count(*) from kept'), '1')
  assert.equal(await pid(), before)
})

test('no session state survives the request', async () => {
  const state = [
    ['set IntervalStyle = iso_8601', `current_setting('intervalstyle')`],
    ['set role authenticated', 'current_user'],
    ['set session authorization authenticated', 'session_user'],
    [`set app.secret = 'x'`, `coalesce(current_setting('app.secret', true), '')`],
    ['create temp table kept (secret text)', `'kept'::regclass::oid`],
    ['prepare mine as select 1', `(select count(*) from pg_prepared_statements)`],
    ['declare mine cursor with hold for select 1', `(select count(*) from pg_cursors)`],
    ['listen mine', '(select count(*) from pg_listening_channels())'],
    ['select pg_advisory_lock(1)', `(select count(*) from pg_locks where locktype = 'advisory')`],
  ] as const
  const before = await pid()
  for (const [change, look] of state) {
    const untouched = await value(`select ${look}`)
    const { json, status } = await local.ask({
      // Some effects come only with the COMMIT.
      queries: [{ query: change }, { query: 'commit' }, { query: `select ${look} as now` }],
    })
    assert.equal(status, 200, JSON.stringify(json))
    const [, , changed] = json.results as { rows: { now: unknown }[] }[]
    assert.notEqual(changed?.rows[0]?.now, untouched, change)
    assert.equal(await value(`select ${look}`), untouched, change)
  }
  assert.equal(await pid(), before)
})

test('a session whose reset fails is closed', async () => {
  const before = await pid()
  // Dropping this many temporary tables takes longer than the limit.
  const { status, json } = await local.ask({
    queries: [
      {
        query: `do $$ begin for i in 1..3000 loop execute format('create temp table t%s ()', i); end loop; end $$`,
      },
      { query: 'commit' },
      { query: `set statement_timeout = '20ms'` },
    ],
  })
  assert.equal(status, 200, JSON.stringify(json))
  assert.notEqual(await pid(), before)
})

test('commands that cannot run in a transaction run as a single query, not in a batch', async () => {
  for (const query of ['vacuum kept', 'reindex table concurrently kept', 'checkpoint']) {
    assert.equal((await local.ask(query)).status, 200, query)
  }
  const { json } = await local.ask({ queries: [{ query: 'vacuum kept' }] })
  assert.equal(json.code, '25001')
})

test('there is no statement gate, and no error ends the session', async () => {
  const before = await pid()
  assert.equal(
    (await local.ask(`do $$ begin raise 'no' using errcode = 'ABCDE'; end $$`)).json.code,
    'ABCDE',
  )
  assert.equal((await local.ask('select 1; select 2')).json.code, '42601')
  assert.equal(await pid(), before)
})

test('COPY to or from the client is refused', async () => {
  for (const query of ['copy kept to stdout', 'copy kept from stdin']) {
    const { status, json } = await local.ask(query)
    assert.equal(status, 400)
    assert.deepEqual([json.message, json.code], ['unexpected message from server', ''])
  }
})

test('a NUL in a query or a param is refused', async () => {
  const inQuery = await local.ask('select 1\0')
  assert.deepEqual([inQuery.status, inQuery.json.message], [400, 'string contains embedded null'])
  assert.equal((await local.ask({ query: 'select $1', params: ['\0'] })).json.code, '22021')
})
