import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

const MEMBERS =
  'message,code,detail,hint,position,internalPosition,internalQuery,severity,where,table,column,schema,dataType,constraint,file,line,routine'

test('an error has exactly the 17 members, whatever raised it', async () => {
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

/** Valid requests with one mistake each, in Neon's order of checks. */
const REFUSED: readonly (readonly [
  headers: Record<string, string>,
  body: string,
  token: string | null | undefined,
  message: string | RegExp,
])[] = [
  [{ 'neon-connection-string': '' }, '', null, /^invalid connection string: relative URL/],
  [{ 'neon-connection-string': 'mysql://h' }, '', null, 'incorrect scheme'],
  [{ 'neon-connection-string': 'postgres://u@h' }, '', null, 'missing database name'],
  [{ 'neon-connection-string': 'postgres://h/d' }, '', null, 'missing username'],
  // The host is checked last, the body after everything else.
  [{ 'neon-connection-string': 'postgres://u@[::1]/d' }, '', null, /^missing authentication/],
  [{ 'neon-connection-string': 'postgres://u@[::1]/d' }, '', 'x', 'missing hostname'],
  [{ 'neon-batch-isolation-level': 'x' }, '', null, /^missing authentication/],
  [{ 'neon-batch-isolation-level': 'x' }, '', 'x', 'invalid isolation level'],
  [{ 'neon-batch-isolation-level': 'serializable' }, '', undefined, 'invalid isolation level'],
  [
    { authorization: 'bearer x' },
    '',
    null,
    /^Provided authentication token is not a valid JWT encoding/,
  ],
  [{ authorization: 'Basic x' }, '', null, /^missing authentication credentials: required auth/],
  [{}, '', undefined, 'could not parse the HTTP request body: it is not JSON'],
  [{}, '{}', undefined, /^could not parse the HTTP request body: data did not match any variant/],
  [{}, '{"query":"select 1","params":null}', undefined, /did not match any variant/],
  [{}, '{"queries":["select 1"]}', undefined, /did not match any variant/],
]

test('a client’s mistake is a 400 that says what, in Neon’s order and words', async () => {
  for (const [headers, body, token, message] of REFUSED) {
    const options = { headers, ...(token === undefined ? {} : { token }) }
    const { status, json } = await proxy.post(body, options)
    const what = JSON.stringify([headers, body, token])
    assert.equal(status, 400, what)
    assert.equal(Object.keys(json).join(), MEMBERS, what)
    if (typeof message === 'string') assert.equal(json.message, message, what)
    else assert.match(String(json.message), message, what)
    assert.deepEqual([json.code, json.severity], ['', ''], what)
  }
})

test('without a connection string a request is refused', async () => {
  const response = await fetch(proxy.sqlUrl, { method: 'POST', body: '{"query":"select 1"}' })
  const { message } = (await response.json()) as { message: string }
  assert.deepEqual([response.status, message], [400, 'invalid header: neon-connection-string'])
})

test('a request or an answer of more than 10 MiB is a 413 or a 507', async () => {
  const long = 'x'.repeat(10_485_760)
  const request = await proxy.post({ query: `select '${long}'` })
  assert.deepEqual(
    [request.status, request.json.message],
    [413, 'request is too large (max is 10485760 bytes)'],
  )
  const twice = (length: number) =>
    proxy.post({ query: 'select $1::text as a, $1::text as b', params: ['x'.repeat(length)] })
  const answer = await twice(6_000_000)
  assert.deepEqual(
    [answer.status, answer.json.message],
    [507, 'response is too large (max is 10485760 bytes)'],
  )
  assert.equal((await twice(5_000_000)).status, 200)
})

test('an unreachable Postgres is a 500 without its address', async () => {
  const gone = await proxy.another({
    env: {
      PROXY_DATABASE_URL: proxy.authenticatorUrl.replace(/:\d+\//, ':1/'),
      PROXY_PASSWORD_ROLES: 'postgres',
    },
  })
  const answers = [
    await proxy.post({ query: 'select 1' }, { sqlUrl: gone.sqlUrl }),
    await proxy.post(
      { query: 'select 1' },
      {
        sqlUrl: gone.sqlUrl,
        token: null,
        headers: { 'neon-connection-string': 'postgresql://postgres:secret@localhost/memos' },
      },
    ),
  ]
  for (const { status, json } of answers) {
    assert.equal(status, 500)
    assert.equal(json.message, "Couldn't connect to compute node: no connection could be made")
  }
})
