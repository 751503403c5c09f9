import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(`create type public.mood as enum ('sad', 'happy')`)
  await proxy.asOwner(`grant usage on type public.mood to authenticated`)
})
after(() => proxy.stop())

const raw = { 'neon-raw-text-output': 'true' }
const arrays = { 'neon-array-mode': 'true' }
const MEMBERS =
  'message,code,detail,hint,position,internalPosition,internalQuery,severity,where,table,column,schema,dataType,constraint,file,line,routine'

test('an error has exactly the 17 members, whoever it comes from', async () => {
  const fromPostgres = await proxy.post({ query: 'select 1 / 0' })
  const fromUs = await proxy.post({ query: 'select 1' }, { token: null })
  const fromGate = await proxy.post({ query: 'reset role' })
  for (const { status, json } of [fromPostgres, fromUs, fromGate]) {
    assert.equal(status, 400)
    assert.equal(Object.keys(json).join(), MEMBERS)
  }
  assert.equal(fromPostgres.json.code, '22012')
  assert.equal(fromPostgres.headers.get('proxy-error-code'), 'postgres_error')
  assert.deepEqual([fromUs.json.code, fromUs.json.severity], ['', ''])
  assert.equal(fromUs.headers.get('proxy-error-code'), 'credentials_missing')
  assert.equal(fromGate.headers.get('proxy-error-code'), 'statement_refused')
})

test('an answer has exactly the listed members, and every answer its request id', async () => {
  const { json, headers, text } = await proxy.post({ query: 'select 1 as one' })
  assert.equal(
    text,
    '{"fields":[{"name":"one","dataTypeID":23,"tableID":0,"columnID":0,"dataTypeSize":4,"dataTypeModifier":-1,"format":"text"}],"rows":[{"one":1}],"command":"SELECT","rowCount":1,"rowAsArray":false}',
  )
  assert.match(headers.get('neon-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(headers.get('content-type'), 'application/json')
  assert.equal(json.command, 'SELECT')
})

test('an empty statement answers with nothing', async () => {
  for (const query of ['', '-- nothing', ';']) {
    const { text } = await proxy.post({ query })
    assert.equal(
      text,
      '{"fields":[],"rows":[],"command":"","rowCount":null,"rowAsArray":false}',
      query,
    )
  }
})

test('output is raw or typed, in objects or arrays', async () => {
  const query = `select 1 as n, true as b, '{"a":1}'::jsonb as j, null as z, 2::float8 as f, 9::int8 as l, array[1, null] as a`
  const rows = async (headers: Record<string, string>) =>
    (await proxy.post({ query }, { headers })).json.rows
  assert.deepEqual(await rows(raw), [
    { n: '1', b: 't', j: '{"a": 1}', z: null, f: '2', l: '9', a: '{1,NULL}' },
  ])
  assert.deepEqual(await rows({}), [
    { n: 1, b: true, j: { a: 1 }, z: null, f: 2.0, l: '9', a: [1, null] },
  ])
  assert.deepEqual(await rows(arrays), [[1, true, { a: 1 }, null, 2, '9', [1, null]]])
})

test('an array of an enum, which Postgres does not know by itself, is an array', async () => {
  for (let i = 0; i < 2; i++) {
    const { json } = await proxy.post({
      query: `select array['sad', 'happy']::public.mood[] as moods, 'sad'::public.mood as mood, array['(1,1),(0,0)', '(2,2),(0,0)']::box[] as boxes, array[]::public.mood[] as none`,
    })
    assert.deepEqual(json.rows, [
      { moods: ['sad', 'happy'], mood: 'sad', boxes: ['(1,1),(0,0)', '(2,2),(0,0)'], none: [] },
    ])
  }
})

test('params are text whose type Postgres infers', async () => {
  const { json } = await proxy.post({
    query: 'select $1 as t, $2 * 1 as n, $3::text[] as a, $4::jsonb as j',
    params: [1, 2, ['a\nb', null], { x: 9007199254740993 }],
  })
  assert.deepEqual(json.rows, [{ t: '1', n: 2, a: ['a\nb', null], j: { x: 9007199254740992 } }])
})

test('a wrong number of params is told as for the unnamed statement', async () => {
  for (let i = 0; i < 2; i++) {
    const { json } = await proxy.post({ query: 'select $1::int' })
    assert.equal(
      json.message,
      'bind message supplies 0 parameters, but prepared statement "" requires 1',
    )
    assert.equal(json.code, '08P01')
  }
})

test('a batch answers with one result per statement and repeats what it was asked for', async () => {
  const { json, headers } = await proxy.post(
    {
      queries: [
        { query: `select current_database() is not null as ok`, arrayMode: true },
        { query: `select $1::int as n`, params: [7] },
      ],
    },
    {
      headers: {
        'neon-batch-isolation-level': 'RepeatableRead',
        'neon-batch-read-only': 'true',
        'neon-batch-deferrable': 'true',
      },
    },
  )
  const results = json.results as { rows: unknown[]; rowAsArray: boolean }[]
  assert.deepEqual(
    results.map(({ rows, rowAsArray }) => [rows, rowAsArray]),
    [
      [[[true]], true],
      [[{ n: 7 }], false],
    ],
  )
  assert.equal(headers.get('neon-batch-isolation-level'), 'RepeatableRead')
  assert.equal(headers.get('neon-batch-read-only'), 'true')
  assert.equal(headers.get('neon-batch-deferrable'), 'true')
  assert.equal(
    (
      await proxy.post({ query: 'select 1' }, { headers: { 'neon-batch-read-only': 'true' } })
    ).headers.get('neon-batch-read-only'),
    null,
  )
})

test('a batch with nothing in it is answered with no results', async () => {
  assert.equal((await proxy.post({ queries: [] })).text, '{"results":[]}')
})

test('a batch that fails leaves nothing behind and tells only the error', async () => {
  const { status, json } = await proxy.post({
    queries: [
      { query: `insert into todos (task) values ('must not stay')` },
      { query: 'select 1 / 0' },
      { query: 'select 1' },
    ],
  })
  assert.equal(status, 400)
  assert.equal(json.code, '22012')
  assert.deepEqual(await proxy.asOwner(`select 1 from todos where task = 'must not stay'`), [])
  assert.equal((await proxy.post({ query: 'select 1' })).status, 200)
})

test('a read-only batch may not write', async () => {
  const { json } = await proxy.post(
    { queries: [{ query: `insert into todos (task) values ('x')` }] },
    { headers: { 'neon-batch-read-only': 'true' } },
  )
  assert.equal(json.code, '25006')
})

test('a batch in which one statement is refused does not run at all', async () => {
  const { json } = await proxy.post({
    queries: [{ query: `insert into todos (task) values ('no')` }, { query: 'commit' }],
  })
  assert.match(String(json.message), /COMMIT|TRANSACTION/)
  assert.deepEqual(await proxy.asOwner(`select 1 from todos where task = 'no'`), [])
})

test('anything but POST /sql is not supported', async () => {
  for (const [method, path] of [
    ['GET', '/sql'],
    ['POST', '/other'],
    ['PUT', '/sql'],
    ['POST', '/sql/'],
  ] as const) {
    const response = await fetch(`${proxy.url}${path}`, { method })
    assert.equal(response.status, 400)
    assert.equal(await response.text(), '"query is not supported"')
  }
})

test('another role or database is refused', async () => {
  const ask = (connection: string) =>
    proxy.post({ query: 'select 1' }, { headers: { 'neon-connection-string': connection } })
  const good = new URL(proxy.connectionString)
  for (const user of ['postgres', 'authenticator', 'anonymous']) {
    const { status, json } = await ask(`postgresql://${user}@localhost${good.pathname}`)
    assert.equal(status, 400)
    assert.equal(json.message, `password authentication failed for user '${user}'`)
  }
  const { status, json } = await ask('postgresql://authenticated@localhost/postgres')
  assert.equal(status, 400)
  assert.equal(json.message, 'database "postgres" does not exist')
  assert.equal(json.code, '3D000')
})

test('without a token there is nothing, unless anonymous is on and asked for', async () => {
  const message =
    'missing authentication credentials: required authorization bearer token in JWT format'
  const anonymous = {
    'neon-connection-string': proxy.connectionString.replace('authenticated', 'anonymous'),
  }
  const off = await proxy.post({ query: 'select 1' }, { token: null, headers: anonymous })
  assert.equal(off.json.message, message)

  const open = await proxy.another({ env: { PROXY_ANONYMOUS: 'on' } })
  const options = { token: null, sqlUrl: open.sqlUrl }
  const who = { query: 'select current_user as role, auth.user_id() as id' }
  const asAnonymous = await proxy.post(who, { ...options, headers: anonymous })
  assert.deepEqual(asAnonymous.json.rows, [{ role: 'anonymous', id: null }])
  const asUser = await proxy.post(who, options)
  assert.equal(asUser.json.message, message)
  const todos = await proxy.post(
    { query: 'select * from todos' },
    { ...options, headers: anonymous },
  )
  assert.equal(todos.json.code, '42501')
})

test('only configured origins may read answers, and a cache is told so', async () => {
  const preflight = (origin: string) =>
    fetch(proxy.sqlUrl, { method: 'OPTIONS', headers: { origin } })
  const good = await preflight('http://localhost:3000')
  assert.equal(good.status, 200)
  assert.equal(good.headers.get('access-control-allow-origin'), 'http://localhost:3000')
  assert.match(good.headers.get('access-control-allow-headers') ?? '', /Neon-Batch-Deferrable/)
  assert.equal(good.headers.get('access-control-max-age'), '86400')
  assert.equal(good.headers.get('vary'), 'Origin')

  const bad = await preflight('https://evil.example')
  assert.equal(bad.headers.get('access-control-allow-origin'), null)
  assert.equal(bad.headers.get('access-control-allow-headers'), null)
  assert.equal(bad.headers.get('vary'), 'Origin')

  const answer = await proxy.post(
    { query: 'select 1 / 0' },
    { headers: { origin: 'http://localhost:3000' } },
  )
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:3000')
  assert.match(
    answer.headers.get('access-control-expose-headers') ?? '',
    /neon-request-id.*proxy-error-code/,
  )
})

test('health and readiness are told apart, and readiness says what is missing', async () => {
  assert.equal((await fetch(`${proxy.url}/healthz`)).status, 200)
  assert.equal((await fetch(`${proxy.url}/readyz`)).status, 200)
  const broken = await proxy.another({
    env: {
      PROXY_DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/todos',
      PROXY_JWT_PROVIDERS: JSON.stringify([{ name: 'gone', issuer: 'http://127.0.0.1:1' }]),
    },
  })
  assert.equal((await fetch(`${broken.url}/healthz`)).status, 200)
  const response = await fetch(`${broken.url}/readyz`)
  const text = await response.text()
  assert.equal(response.status, 503)
  assert.match(text, /Postgres: /)
  assert.match(text, /keys of gone at http:\/\/127.0.0.1:1/)
  assert.ok(!text.includes('secret'))
})

test('a login that no policy binds is refused', async () => {
  const superuser = new URL(proxy.authenticatorUrl)
  superuser.username = `boss_${process.pid}`
  superuser.password = 'boss'
  await proxy.asOwner(`create role ${superuser.username} superuser login password 'boss'`)
  const other = await proxy.another({ env: { PROXY_DATABASE_URL: superuser.href } })
  const { status, json } = await proxy.post({ query: 'select 1' }, { sqlUrl: other.sqlUrl })
  await proxy.asOwner(`drop role ${superuser.username}`)
  assert.equal(status, 500)
  assert.match(String(json.message), /superuser/)
})

test('the log has one line a request, without SQL, params, token or user', async () => {
  proxy.log.length = 0
  const token = await proxy.issuer.token('alice-the-secret')
  await proxy.post({ query: `select 'sql-secret', $1`, params: ['param-secret'] }, { token })
  await proxy.post({ query: `select sql_secret` }, { token })
  assert.deepEqual(
    proxy.log.map(({ role, status, rows, code }) => ({ role, status, rows, code })),
    [
      { role: 'authenticated', status: 200, rows: 1, code: undefined },
      { role: 'authenticated', status: 400, rows: null, code: 'postgres_error' },
    ],
  )
  assert.ok(!/secret|eyJ/.test(JSON.stringify(proxy.log)))
})
