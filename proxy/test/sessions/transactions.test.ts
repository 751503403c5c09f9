/** Interactive transactions over WebSocket, with the stock driver. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import { column, sessionsOf, type Sessions } from '../testing/sessions'

let proxy: TestProxy
let sessions: Sessions
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_WEBSOCKET: 'on', PROXY_POOL_SIZE: '8' } })
  sessions = sessionsOf(proxy)
})
afterEach(async () => {
  await sessions.closeAll()
  await proxy.asOwner('delete from memos')
})
after(() => proxy.stop())

const add = (body: string) => `insert into memos (body) values ('${body}')`
const bodies = 'select body from memos order by body'

test('COMMIT keeps, ROLLBACK undoes, and others see nothing in between', async () => {
  const [alice, other] = [await sessions.as('alice'), await sessions.as('alice')]
  await alice.query('begin')
  await alice.query(add('a'))
  assert.deepEqual(await column(alice, bodies), ['a'])
  assert.deepEqual(await column(other, bodies), [])
  await alice.query('commit')
  assert.deepEqual(await column(other, bodies), ['a'])
  await alice.query('begin')
  await alice.query('delete from memos')
  await alice.query('rollback')
  assert.deepEqual(await column(alice, bodies), ['a'])
})

test('savepoints undo a part; after an error only they or the end of the transaction go on', async () => {
  const alice = await sessions.as('alice')
  await alice.query('begin')
  await alice.query(add('a'))
  await alice.query('savepoint "S 1"')
  await alice.query(add('b'))
  await assert.rejects(alice.query('select 1 / 0'), { code: '22012' })
  await assert.rejects(alice.query(bodies), { code: '25P02' })
  await alice.query('rollback to savepoint "S 1"')
  await alice.query(add('c'))
  await alice.query('release "S 1"')
  await assert.rejects(alice.query('rollback to "S 1"'), { code: '3B001' })
  assert.equal((await alice.query('commit')).command, 'ROLLBACK')
  assert.deepEqual(await column(alice, bodies), [])
  await alice.query('begin')
  await alice.query('savepoint s')
  await alice.query(add('b'))
  await alice.query('rollback to s')
  await alice.query(add('c'))
  assert.equal((await alice.query('commit')).command, 'COMMIT')
  assert.deepEqual(await column(alice, bodies), ['c'])
})

test('a statement that the gate refuses fails the transaction, before and after its first', async () => {
  const alice = await sessions.as('alice')
  for (const first of [[], [add('a')]]) {
    await alice.query('begin')
    for (const sql of first) await alice.query(sql)
    await assert.rejects(alice.query('select pg_sleep(1)'), { code: '42501' })
    await assert.rejects(alice.query(bodies), { code: '25P02' })
    await assert.rejects(alice.query('savepoint s'), { code: '25P02' })
    assert.equal((await alice.query('commit')).command, 'ROLLBACK')
    assert.deepEqual(await column(alice, bodies), [])
  }
})

describe('modes', () => {
  const shown = [
    ['begin isolation level repeatable read', 'transaction_isolation', 'repeatable read'],
    ['start transaction read only', 'transaction_read_only', 'on'],
    ['begin read write, deferrable', 'transaction_deferrable', 'on'],
    ['begin', 'transaction_isolation', 'read committed'],
  ] as const
  for (const [begin, setting, value] of shown) {
    test(`${begin}: ${setting} is ${value}`, async () => {
      const alice = await sessions.as('alice')
      await alice.query(begin)
      assert.deepEqual(await column(alice, `show ${setting}`), [value])
      await alice.query('commit')
    })
  }

  test('SET TRANSACTION may follow BEGIN, as some drivers send it', async () => {
    const alice = await sessions.as('alice')
    await alice.query('begin')
    await alice.query('set transaction isolation level repeatable read, read only')
    assert.deepEqual(await column(alice, 'show transaction isolation level'), ['repeatable read'])
    await assert.rejects(alice.query(add('a')), { code: '25006' })
    await alice.query('rollback')
  })

  test('SERIALIZABLE is refused, unless it is allowed to all', async () => {
    const alice = await sessions.as('alice')
    const begin = 'begin isolation level serializable'
    await assert.rejects(alice.query(begin), /SERIALIZABLE is off/)
    await alice.query('begin')
    await assert.rejects(
      alice.query('set transaction isolation level serializable'),
      /SERIALIZABLE is off/,
    )
    await alice.query('rollback')
    const env = { PROXY_WEBSOCKET: 'on', PROXY_SERIALIZABLE: 'on' }
    const { url } = await proxy.another({ env })
    const allowed = await sessions.as('alice', { url })
    await allowed.query(begin)
    assert.deepEqual(await column(allowed, 'show transaction_isolation'), ['serializable'])
    await allowed.query('commit')
  })

  test('AND CHAIN begins another transaction of the same kind, as the same user', async () => {
    const alice = await sessions.as('alice')
    await alice.query('begin isolation level repeatable read')
    await alice.query(add('a'))
    await alice.query('commit and chain')
    assert.deepEqual(await column(alice, 'show transaction_isolation'), ['repeatable read'])
    assert.deepEqual(await column(alice, 'select auth.user_id()'), ['alice'])
    await alice.query(add('b'))
    await alice.query('rollback and chain')
    await alice.query('rollback')
    assert.deepEqual(await column(alice, bodies), ['a'])
  })
})

test('a cursor moves through rows inside of its transaction, and ends with it', async () => {
  const alice = await sessions.as('alice')
  await alice.query('begin')
  await alice.query('declare "for" scroll cursor for select n from generate_series(1, 5) as g(n)')
  assert.deepEqual(await column(alice, 'fetch 2 from "for"'), [1, 2])
  await alice.query('move 1 in "for"')
  assert.deepEqual(await column(alice, 'fetch all from "for"'), [4, 5])
  await alice.query('close "for"')
  await alice.query('declare c cursor for select 1 as n')
  await alice.query('commit')
  await assert.rejects(alice.query('fetch c'), { code: '34000' })
  await assert.rejects(alice.query('declare c cursor with hold for select 1'), { code: '0A000' })
  await assert.rejects(alice.query('declare c cursor for select pg_sleep(1)'), { code: '42501' })
  await alice.query('begin')
  await assert.rejects(alice.query('declare c cursor for select * from pg_class'), {
    code: '42501',
  })
  await alice.query('rollback')
})

test('a transaction without a statement, and a session without a transaction, hold no session in Postgres', async () => {
  const env = { PROXY_WEBSOCKET: 'on', PROXY_POOL_SIZE: '1' }
  const { url, sqlUrl } = await proxy.another({ env })
  const open = await Promise.all(Array.from({ length: 6 }, () => sessions.as('alice', { url })))
  for (const client of open) await client.query('begin')
  assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl })).status, 200)
  for (const client of open) await client.query('select 1').then(() => client.query('commit'))
  assert.equal((await proxy.post({ query: 'select 1' }, { sqlUrl })).status, 200)
})

describe('settings', () => {
  test('SET lasts for the session, SET LOCAL for the transaction, and a rollback undoes both', async () => {
    const alice = await sessions.as('alice')
    const zone = () => column(alice, 'show timezone')
    await alice.query(`set timezone = 'Asia/Tokyo'`)
    assert.deepEqual(await zone(), ['Asia/Tokyo'])
    await alice.query('begin')
    await alice.query(`set local time zone 'Europe/Berlin'`)
    assert.deepEqual(await zone(), ['Europe/Berlin'])
    await alice.query('commit')
    assert.deepEqual(await zone(), ['Asia/Tokyo'])
    await alice.query('begin')
    await alice.query('savepoint s')
    await alice.query(`set timezone to 'Europe/Berlin'`)
    await alice.query('rollback to s')
    assert.deepEqual(await zone(), ['Asia/Tokyo'])
    await alice.query('commit')
    assert.deepEqual(await zone(), ['Asia/Tokyo'])
    await alice.query('begin')
    await alice.query(`set timezone to 'Europe/Berlin'`)
    await alice.query('rollback')
    assert.deepEqual(await zone(), ['Asia/Tokyo'])
    await alice.query('reset timezone')
    assert.notDeepEqual(await zone(), ['Asia/Tokyo'])
    await assert.rejects(alice.query(`set timezone = 'Nowhere/Land'`), { code: '22023' })
  })

  test('time limits may be shortened only', async () => {
    const alice = await sessions.as('alice')
    await alice.query('set statement_timeout = 200')
    await assert.rejects(
      alice.query(
        'select count(*) from generate_series(1, 100000) a(n), generate_series(1, 100000) b(m) where n + m = 0',
      ),
      { code: '57014' },
    )
    for (const value of ['0', '-1', `'1h'`]) {
      await assert.rejects(alice.query(`set statement_timeout = ${value}`), { code: '42501' })
    }
    await alice.query('reset all')
    assert.deepEqual(await column(alice, 'show statement_timeout'), ['15s'])
  })

  test('values that apply anyway are accepted, others are refused by name', async () => {
    const alice = await sessions.as('alice')
    for (const sql of [
      `set client_encoding = 'UTF8'`,
      `set names 'utf8'`,
      'set datestyle = iso, mdy',
      'set extra_float_digits = 3',
      'set standard_conforming_strings = on',
      'set client_min_messages = warning',
    ]) {
      assert.equal((await alice.query(sql)).command, 'SET', sql)
    }
    for (const [sql, name] of [
      ['set role anonymous', 'role'],
      ['set session authorization default', 'session_authorization'],
      ['set search_path = mine', 'search_path'],
      ['set row_security = off', 'row_security'],
      [`set auth.session_token = 'x'`, 'auth.session_token'],
      [`set request.jwt.claims = '{}'`, 'request.jwt.claims'],
      ['set work_mem = 100', 'work_mem'],
      [`set client_encoding = 'latin1'`, 'client_encoding'],
      ['reset role', 'role'],
      ['show all', 'all'],
      ['show auth.session_token', 'auth.session_token'],
      ['show data_directory', 'data_directory'],
    ] as const) {
      await assert.rejects(
        alice.query(sql),
        (error: Error) => 'code' in error && error.code === '42501' && error.message.includes(name),
        sql,
      )
    }
  })

  test('DISCARD ALL forgets settings and statements', async () => {
    const alice = await sessions.as('alice')
    await alice.query(`set timezone = 'Asia/Tokyo'`)
    await alice.query({ name: 's', text: 'select 1' })
    await alice.query('discard all')
    assert.notDeepEqual(await column(alice, 'show timezone'), ['Asia/Tokyo'])
    await alice.query('begin')
    await alice.query('select 1')
    await assert.rejects(alice.query('discard all'), { code: '25001' })
    await alice.query('rollback')
  })
})

test('an error has all of Postgres’ fields, and notices arrive', async () => {
  await proxy.asOwner(`create function public.tell() returns int language plpgsql as $$
    begin raise notice 'told'; return 1; end $$`)
  const env = { PROXY_WEBSOCKET: 'on', PROXY_FUNCTIONS: 'public.tell' }
  const { url } = await proxy.another({ env })
  const alice = await sessions.as('alice', { url })
  const notices: (string | undefined)[] = []
  alice.on('notice', ({ message }) => notices.push(message))
  await alice.query('select public.tell()')
  assert.deepEqual(notices, ['told'])
  await alice.query('set client_min_messages = error')
  await alice.query('select public.tell()')
  assert.equal(notices.length, 1)
  await assert.rejects(alice.query(`insert into memos (body) values ('')`), {
    code: '23514',
    table: 'memos',
    schema: 'public',
    severity: 'ERROR',
  })
  await proxy.asOwner('drop function public.tell()')
})

test('values and types are those of any other way to Postgres', async () => {
  const alice = await sessions.as('alice')
  const { rows, fields } = await alice.query(
    `select $1::int as n, $2::text as t, $3::timestamptz as at, $4::jsonb as j, $5::text[] as l, null as x`,
    [1, 'é', new Date('2026-03-04T05:06:07.891Z'), { a: [1] }, ['a,b']],
  )
  assert.deepEqual(rows, [
    { n: 1, t: 'é', at: new Date('2026-03-04T05:06:07.891Z'), j: { a: [1] }, l: ['a,b'], x: null },
  ])
  assert.deepEqual(
    fields.map(({ dataTypeID }) => dataTypeID),
    [23, 25, 1184, 3802, 1009, 25],
  )
})

test('a schema change is seen by the next transaction, and a described statement is prepared again', async () => {
  await proxy.asOwner('create table shape (n int)')
  await proxy.asOwner('grant select, insert on shape to authenticated')
  const alice = await sessions.as('alice')
  const insert = {
    name: 'insert',
    text: 'insert into shape values ($1) returning n',
    values: ['7'],
  }
  await alice.query(insert)
  await proxy.asOwner('alter table shape alter column n type text using n::text')
  assert.deepEqual((await alice.query(insert)).rows, [{ n: '7' }])
  await proxy.asOwner('drop table shape')
})
