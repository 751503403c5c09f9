/** Cases from Neon's own test suite for SQL over HTTP, on our database. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'
import { until } from '../testing/until'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy({ PROXY_MAX_ROWS: '100000000' })
})
after(() => local.stop())

const rows = async (query: string, params: unknown[] = []) => {
  const { json, status } = await local.ask({ query, params })
  assert.equal(status, 200, JSON.stringify(json))
  return json.rows
}

test('parameters of every JSON type arrive as values of the expected type', async () => {
  assert.deepEqual(await rows('select 42 as answer'), [{ answer: 42 }])
  assert.deepEqual(await rows('select $1 as answer', [42]), [{ answer: '42' }])
  assert.deepEqual(await rows('select $1 * 1 as answer', [42]), [{ answer: 42 }])
  assert.deepEqual(await rows('select $1::int[] as answer', [[1, 2, 3]]), [{ answer: [1, 2, 3] }])
  assert.deepEqual(await rows('select $1::json->$2 as answer', [{ a: { b: 42 } }, 'a']), [
    { answer: { b: 42 } },
  ])
  assert.deepEqual(await rows('select $1::jsonb[] as answer', [[{ a: 1 }, { b: [true, null] }]]), [
    { answer: [{ a: 1 }, { b: [true, null] }] },
  ])
})

test('a table is created, filled, read and dropped', async () => {
  const counts = []
  for (const sql of [
    'create table t (id serial primary key, val int)',
    'insert into t (val) values (10), (20), (30) returning id',
    'select * from t',
    'drop table t',
  ]) {
    const { json } = await local.ask(sql)
    counts.push([json.command, json.rowCount, (json.rows as unknown[]).length])
  }
  assert.deepEqual(counts, [
    ['CREATE', null, 0],
    ['INSERT', 3, 3],
    ['SELECT', 3, 3],
    ['DROP', null, 0],
  ])
})

test('raw and array mode combine in four ways, and a query of a batch may have its own', async () => {
  const query = `select 1 as n, 'a' as s, true as b, '{"a":1}'::json as j, array[1] as a`
  const ask = async (raw: string, array: string, arrayMode?: boolean) => {
    const headers = { 'neon-raw-text-output': raw, 'neon-array-mode': array }
    const batch = await local.ask({ queries: [{ query, arrayMode }] }, { headers })
    const single = await local.ask({ query, arrayMode }, { headers })
    assert.deepEqual(batch.json, { results: [single.json] })
    return single.json
  }
  const typed = [1, 'a', true, { a: 1 }, [1]]
  const text = ['1', 'a', 't', '{"a":1}', '{1}']
  const named = ([n, s, b, j, a]: unknown[]) => ({ n, s, b, j, a })
  for (const [raw, values] of [
    ['false', typed],
    ['true', text],
    // Anything but these four letters is false.
    ['True', typed],
    ['1', typed],
    ['', typed],
  ] as const) {
    assert.deepEqual((await ask(raw, 'false')).rows, [named(values)], raw)
    assert.deepEqual((await ask(raw, 'true')).rows, [values], raw)
    assert.deepEqual((await ask(raw, 'true', false)).rows, [named(values)], raw)
    assert.equal((await ask(raw, 'yes', true)).rowAsArray, true)
  }
})

test('a batch counts its rows, echoes its modes and rolls back as a whole', async () => {
  const headers = { 'neon-batch-isolation-level': 'Serializable', 'neon-batch-read-only': 'false' }
  const made = await local.ask(
    {
      queries: [
        { query: 'create table batched (id int unique)' },
        { query: 'insert into batched values ($1), ($2)', params: [1, 2] },
        { query: 'select id from batched order by id', arrayMode: true },
      ],
    },
    { headers },
  )
  assert.deepEqual(
    (made.json.results as { rowCount: unknown }[]).map(({ rowCount }) => rowCount),
    [null, 2, 2],
  )
  assert.equal(made.headers.get('neon-batch-isolation-level'), 'Serializable')
  for (const name of ['neon-batch-read-only', 'neon-batch-deferrable']) {
    assert.equal(made.headers.get(name), null)
  }
  const failed = await local.ask({
    queries: [
      { query: 'insert into batched values (3)' },
      { query: 'insert into batched values (1)' },
    ],
  })
  assert.deepEqual([failed.status, failed.json.code], [400, '23505'])
  assert.equal(failed.json.results, undefined)
  assert.deepEqual(await rows('select count(*) as n from batched'), [{ n: '2' }])
})

test('a column of an enum array is a JSON array', async () => {
  await local.ask(`create type choice as enum ('foo', 'bar', 'baz')`)
  assert.deepEqual(await rows(`select array['foo', 'bar']::choice[] as choices`), [
    { choices: ['foo', 'bar'] },
  ])
})

test('a huge answer of a type that is not built in ends early in a 507, and the proxy lives', async () => {
  await local.ask(`create type size as enum ('small', 'large')`)
  const { status, json } = await local.ask(
    `select 'small'::size as s, array['large'::size] as l from generate_series(1, 25000000)`,
  )
  assert.deepEqual([status, json.message], [507, 'response is too large (max is 10485760 bytes)'])
  assert.deepEqual(await rows('select 1 as one'), [{ one: 1 }])
})

test('the insert of a client that gave up is not saved', async () => {
  await local.ask('create table given_up (id int primary key)')
  const gone = new AbortController()
  const running = local.ask('insert into given_up select 1 from pg_sleep(5)', {
    signal: gone.signal,
  })
  const isRunning = async () =>
    (
      await local.proxy.asOwner(
        `select from pg_stat_activity where state = 'active' and query like 'insert into given_up%'`,
      )
    ).length > 0
  await until(isRunning)
  gone.abort()
  await assert.rejects(running)
  await until(async () => !(await isRunning()))
  assert.equal((await local.ask('insert into given_up values (1)')).status, 200)
  const again = await local.ask('insert into given_up values (1)')
  assert.deepEqual([again.status, again.json.code], [400, '23505'])
})

test('ten slow queries run concurrently, each in its own session', async () => {
  const started = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      local.ask('select pg_backend_pid() as pid from pg_sleep(0.5)'),
    ),
  )
  const pids = new Set(answers.map(({ json }) => (json.rows as { pid: number }[])[0]?.pid))
  assert.equal(pids.size, 10)
  assert.ok(performance.now() - started < 4_500)
})
