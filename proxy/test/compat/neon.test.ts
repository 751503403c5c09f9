/** Every function and option of `neon()`, by token and through the gate. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, NeonDbError, neonConfig } from '@neondatabase/serverless'
import { startScene, type Scene } from './scene'

let scene: Scene
before(async () => {
  scene = await startScene()
})
after(() => scene.stop())

const as = (user: string) => neon(scene.connectionString, { authToken: scene.tokenOf(user) })

test('a tagged template and query() give the user’s own rows', async () => {
  const [alice, bob] = [as('alice'), as('bob')]
  const [list] = await alice`insert into compat_lists (name) values (${'Home'}) returning *`
  assert.equal(list?.user_id, 'alice')
  assert.deepEqual(await alice`select name from compat_lists where id = ${list.id}`, [
    { name: 'Home' },
  ])
  const text = 'select name from compat_lists where id = $1'
  assert.deepEqual(await alice.query(text, [list.id]), [{ name: 'Home' }])
  assert.deepEqual(await bob.query(text, [list.id]), [])
  assert.deepEqual(await bob`update compat_lists set name = ${'mine'} returning id`, [])
  await alice`delete from compat_lists`
})

test('templates compose, and unsafe() inserts trusted text', async () => {
  const sql = as('alice')
  const where = sql`where n > ${1} and ${sql.unsafe('n < 4')}`
  assert.deepEqual(await sql`select n from generate_series(1, 5) as n ${where}`, [
    { n: 2 },
    { n: 3 },
  ])
})

test('values of every kind come back as the driver’s types', async () => {
  const [row] = await as('alice')`insert into compat_lists (name) values ('Types') returning id`
  const due = new Date('2026-03-04T05:06:07.891Z')
  const [entry] = await as('alice')`
    insert into compat_entries (list_id, task, done, due, cost, big, ratio, meta, tags, photo)
    values (${row?.id}, 'Pay', true, ${due}, ${'12.50'}, ${'9007199254740993'}, ${0.1},
      ${{ a: [1, null, 'x"y'] }}, ${['a,b', 'c"d', 'null', '']}, ${Buffer.from([0, 255])})
    returning task, done, due, cost, big, ratio, meta, tags, photo,
      due - ${new Date('2026-03-03T05:06:07.891Z')}::timestamptz as span`
  assert.deepEqual(
    { ...entry, span: JSON.stringify(entry?.span) },
    {
      task: 'Pay',
      done: true,
      due,
      cost: '12.50',
      big: '9007199254740993',
      ratio: 0.1,
      meta: { a: [1, null, 'x"y'] },
      tags: ['a,b', 'c"d', 'null', ''],
      photo: Buffer.from([0, 255]),
      span: '{"days":1}',
    },
  )
  await as('alice')`delete from compat_lists`
})

test('arrayMode, fullResults and types shape the answer, for all queries or for one', async () => {
  const authToken = scene.tokenOf('alice')
  const full = neon(scene.connectionString, { authToken, fullResults: true, arrayMode: true })
  const result = await full`select 'a' as a, 1 as a`
  assert.deepEqual([result.rows, result.rowCount, result.command], [[['a', 1]], 1, 'SELECT'])
  assert.deepEqual(
    result.fields.map(({ name, dataTypeID }) => [name, dataTypeID]),
    [
      ['a', 25],
      ['a', 23],
    ],
  )
  const sql = as('alice')
  assert.deepEqual(await sql.query(`select 'a' as a`, [], { arrayMode: true }), [['a']])
  const upper = { getTypeParser: () => (text: string) => text.toUpperCase() }
  assert.deepEqual(await sql.query(`select 'a' as a`, [], { types: upper }), [{ a: 'A' }])
})

test('a connection is given as text, by a function, or part by part', async () => {
  const { connectionString } = scene
  const database = new URL(connectionString).pathname.slice(1)
  const authToken = scene.tokenOf('alice')
  for (const sql of [
    neon({ connectionString: () => Promise.resolve(connectionString), authToken }),
    neon({ user: 'authenticated', host: 'localhost', database, authToken }),
    neon(`${connectionString}?sslmode=require&channel_binding=require`, { authToken }),
    neon(`${connectionString}?options=-c%20timezone%3DAsia/Tokyo`, { authToken }),
  ]) {
    assert.deepEqual(await sql`select 1 as n`, [{ n: 1 }])
  }
  const path = neon(`${connectionString}?options=-c%20search_path%3Dapp`, { authToken })
  await assert.rejects(path`select 1`, /option "search_path" may not be set here/)
})

test('transaction() takes an array or a function, and rolls back all if one fails', async () => {
  const sql = as('alice')
  const add = (name: string | null) => sql`insert into compat_lists (name) values (${name})`
  const names = () => sql`select name from compat_lists order by name`
  const results = await sql.transaction([add('a'), add('b'), names()])
  assert.deepEqual(results[2], [{ name: 'a' }, { name: 'b' }])
  const called = await sql.transaction((tx) => [tx`select count(*)::int as n from compat_lists`])
  assert.deepEqual(called, [[{ n: 2 }]])
  await assert.rejects(sql.transaction([add('c'), add(null)]), { code: '23502' })
  assert.deepEqual(await names(), [{ name: 'a' }, { name: 'b' }])
  await sql`delete from compat_lists`
})

test('a transaction is read-only, deferrable and isolated as asked; Serializable is refused', async () => {
  const sql = as('alice')
  const write = [sql`insert into compat_lists (name) values ('x')`]
  await assert.rejects(sql.transaction(write, { readOnly: true }), { code: '25006' })
  for (const isolationLevel of ['ReadUncommitted', 'ReadCommitted', 'RepeatableRead'] as const) {
    const options = { isolationLevel, readOnly: true, deferrable: true, fullResults: true } as const
    const [{ rows } = { rows: [] }] = await sql.transaction([sql`select 1 as n`], options)
    assert.deepEqual(rows, [{ n: 1 }])
  }
  await assert.rejects(
    sql.transaction([sql`select 1`], { isolationLevel: 'Serializable' }),
    /SERIALIZABLE is off/,
  )
})

test('authToken may be text or a function, also for a single query, and is evaluated each time', async () => {
  const me = (sql: ReturnType<typeof as>, options = {}) =>
    sql.query('select auth.user_id() as me', [], options)
  const token = await scene.tokenOf('carol')()
  assert.deepEqual(await me(neon(scene.connectionString, { authToken: token })), [{ me: 'carol' }])
  assert.deepEqual(await me(as('alice'), { authToken: token }), [{ me: 'carol' }])
  const users = ['dave', 'erin']
  const authToken = () => scene.tokenOf(users.shift() ?? 'nobody')()
  const turns = neon(scene.connectionString, { authToken })
  assert.deepEqual([await me(turns), await me(turns)], [[{ me: 'dave' }], [{ me: 'erin' }]])
  await assert.rejects(me(neon(scene.connectionString)), /missing authentication credentials/)
})

test('fetchOptions abort a query, and fetchFunction sees every request', async () => {
  const sql = as('alice')
  const fetchOptions = { signal: AbortSignal.abort() }
  await assert.rejects(sql.query('select 1', [], { fetchOptions }), /abort/i)
  const seen: string[] = []
  neonConfig.fetchFunction = (url: string, init: RequestInit) => {
    seen.push(url)
    return fetch(url, init)
  }
  await sql`select 1`.finally(() => (neonConfig.fetchFunction = undefined))
  assert.deepEqual(seen, [neonConfig.fetchEndpoint])
})

test('an error has all of Postgres’ fields', async () => {
  const sql = as('alice')
  const error = await sql`insert into compat_entries (list_id, task)
    values (gen_random_uuid(), 'x')`.catch((thrown: unknown) => thrown)
  assert.ok(error instanceof NeonDbError)
  assert.deepEqual([error.code, error.severity, error.table], ['42501', 'ERROR', undefined])
  assert.match(error.message, /row-level security policy for table "compat_entries"/)
  const duplicate = await sql`with one as (
      insert into compat_lists (id, name) values ('00000000-0000-4000-8000-000000000001', 'x') returning id)
    insert into compat_lists (id, name) select id, 'y' from one`.catch((thrown: unknown) => thrown)
  assert.ok(duplicate instanceof NeonDbError)
  assert.deepEqual(
    [duplicate.code, duplicate.constraint, duplicate.schema, duplicate.table],
    ['23505', 'compat_lists_pkey', 'public', 'compat_lists'],
  )
})

test('connection probes are answered; commands on sessions and catalogs are refused', async () => {
  const sql = as('alice')
  for (const probe of [
    'SELECT 1 AS "probe"',
    'select 1;',
    'select current_database()',
    'select now()',
    '',
  ]) {
    await sql.query(probe)
  }
  for (const refused of [
    'begin',
    'savepoint a',
    `set timezone to 'UTC'`,
    'show server_version',
    'select version()',
    'select * from pg_catalog.pg_type',
    'select * from information_schema.tables',
    'select pg_advisory_xact_lock(1)',
    'create table x ()',
    'truncate compat_lists',
    'deallocate all',
    'explain select 1',
  ]) {
    await assert.rejects(
      sql.query(refused),
      { code: '42501', message: /refused by the proxy/ },
      refused,
    )
    await assert.rejects(sql.transaction([sql.query(refused)]), { code: '42501' }, refused)
  }
})
