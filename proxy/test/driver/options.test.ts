import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { neon, neonConfig } from '@neondatabase/serverless'
import { startPasswordProxy, type PasswordProxy } from '../testing/password'

let local: PasswordProxy
let url: string
before(async () => {
  local = await startPasswordProxy()
  neonConfig.fetchEndpoint = local.proxy.sqlUrl
  url = local.connectionString()
})
after(() => local.stop())

test('rows are objects or arrays, alone or in a full result', async () => {
  for (const arrayMode of [false, true]) {
    const rows = arrayMode ? [['xyz']] : [{ str: 'xyz' }]
    const sql = neon(url, { arrayMode })
    assert.deepEqual(await sql`select 'xyz' as str`, rows)
    const full = await neon(url, { arrayMode, fullResults: true })`select 'xyz' as str`
    assert.deepEqual(full.rows, rows)
    assert.equal(full.fields[0]?.dataTypeID, 25)
    assert.deepEqual([full.command, full.rowCount, full.rowAsArray], ['SELECT', 1, arrayMode])
    // A query's own options take precedence.
    const other = await sql.query(`select 'xyz' as str`, [], { arrayMode: !arrayMode })
    assert.deepEqual(other, arrayMode ? [{ str: 'xyz' }] : [['xyz']])
  }
})

test('queries can be composed, also with unsafe parts', async () => {
  const sql = neon(url)
  const where = sql`where n > ${1} and ${sql.unsafe('n < 4')}`
  assert.deepEqual(await sql`select n from generate_series(1, 5) as n ${where}`, [
    { n: 2 },
    { n: 3 },
  ])
})

test('untyped bytes come back as hex', async () => {
  const value = (await neon(url).query('select $1 as bytes', [Buffer.from('ABC')]))[0]
  assert.deepEqual(value, { bytes: '\\x414243' })
})

test('a query is aborted by its signal, and answered without', async () => {
  const sql = neon(url)
  await assert.rejects(
    sql.query('select pg_sleep(10)', [], { fetchOptions: { signal: AbortSignal.timeout(250) } }),
    /TimeoutError/,
  )
  const fetchOptions = { signal: AbortSignal.timeout(10_000) }
  assert.deepEqual(await sql.query('select pg_sleep(0.05)', [], { fetchOptions }), [
    { pg_sleep: '' },
  ])
})

test('a custom fetch is used', async () => {
  const urls: unknown[] = []
  neonConfig.fetchFunction = (to: string, init: RequestInit) => {
    urls.push(to)
    return fetch(to, init)
  }
  try {
    assert.deepEqual(await neon(url)`select ${'mine'} as str`, [{ str: 'mine' }])
    assert.deepEqual(urls, [local.proxy.sqlUrl])
  } finally {
    neonConfig.fetchFunction = undefined
  }
})

test('a batch takes an array or a function, and may be empty', async () => {
  const sql = neon(url)
  const expected = [[{ n: 1 }], [{ s: 'hello' }]]
  const [array, called] = [
    await sql.transaction([sql`select ${1}::int as n`, sql`select ${'hello'} as s`]),
    await sql.transaction((txn) => [txn`select ${1}::int as n`, txn`select ${'hello'} as s`]),
  ]
  assert.deepEqual(array, expected)
  assert.deepEqual(called, expected)
  assert.deepEqual(await sql.transaction([]), [])
  assert.deepEqual(await sql.transaction(() => []), [])
})

test('a batch has the requested isolation level and access mode', async () => {
  const settings = ['transaction_isolation', 'transaction_read_only', 'transaction_deferrable']
  const ask = async (options: Parameters<ReturnType<typeof neon>['transaction']>[1]) => {
    const sql = neon(url)
    const results = await sql.transaction(
      settings.map((name) => sql.query(`select current_setting($1) as v`, [name])),
      { ...options, arrayMode: true },
    )
    return results.flat(2) as unknown[]
  }
  assert.deepEqual(await ask({}), ['read committed', 'off', 'off'])
  for (const [isolationLevel, name] of [
    ['ReadUncommitted', 'read uncommitted'],
    ['ReadCommitted', 'read committed'],
    ['RepeatableRead', 'repeatable read'],
    ['Serializable', 'serializable'],
  ] as const) {
    assert.deepEqual(await ask({ isolationLevel }), [name, 'off', 'off'])
  }
  const all = { isolationLevel: 'Serializable', readOnly: true, deferrable: true } as const
  assert.deepEqual(await ask(all), ['serializable', 'on', 'on'])
})

test('a batch takes the driver’s options, and its own take precedence', async () => {
  const sql = neon(url, { arrayMode: true, isolationLevel: 'RepeatableRead' })
  const queries = () => [sql`select ${1}::int as n`]
  assert.deepEqual(await sql.transaction(queries()), [[[1]]])
  assert.deepEqual(await sql.transaction(queries(), { arrayMode: false }), [[{ n: 1 }]])
  const [full] = await sql.transaction(queries(), { fullResults: true })
  assert.deepEqual([full?.rows, full?.rowCount], [[[1]], 1])
})

test('anything but a query never leaves the driver', async () => {
  const sql = neon(url)
  const wrong = () => sql.transaction(['select 1' as unknown as ReturnType<typeof sql>])
  await assert.rejects(wrong, /expects an array of queries/)
  for (const [bad, why] of [
    ['', /not a valid URL/],
    [`x${url}`, /Wrong URL scheme or missing user/],
    ['postgres://localhost/memos', /Wrong URL scheme or missing user/],
  ] as const) {
    await assert.rejects(async () => neon(bad)`select 1`, why)
  }
})
