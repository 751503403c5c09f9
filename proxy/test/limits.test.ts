import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { openGate } from '../src/gate/gate'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
/** Small limits, and no gate, so that pg_sleep works. */
let small: OneProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
  small = await proxy.another({
    env: {
      PROXY_MAX_BODY_BYTES: '2048',
      PROXY_MAX_ANSWER_BYTES: '4096',
      PROXY_MAX_ROWS: '50',
      PROXY_STATEMENT_TIMEOUT_MS: '3000',
      PROXY_POOL_SIZE: '2',
      // One of them may wait for a session that is being reset.
      PROXY_QUEUE_LENGTH: '2',
      PROXY_MAX_IN_FLIGHT_PER_USER: '2',
    },
    overrides: { gate: openGate },
  })
})
after(() => proxy.stop())

const post = async (query: string, user = 'alice', signal?: AbortSignal) =>
  proxy.post(
    { query },
    {
      sqlUrl: small.sqlUrl,
      token: await proxy.issuer.token(user),
      ...(signal === undefined ? {} : { signal }),
    },
  )

/** Waits until Postgres runs, or no longer runs, a statement that contains this text. */
async function until(isRunning: boolean, text: string): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 10_000;) {
    const rows = await proxy.asOwner(
      `select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like $1`,
      [`%${text}%`],
    )
    if (rows.length > 0 === isRunning) return
  }
  assert.fail(`"${text}" is ${isRunning ? 'not ' : ''}running`)
}

test('a body beyond the limit is refused, announced or not', async () => {
  const announced = await post(`select '${'x'.repeat(3000)}'`)
  assert.equal(announced.status, 413)
  assert.equal(announced.json.message, 'request is too large (max is 2048 bytes)')

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 10; i++) controller.enqueue(Buffer.alloc(500, ' '))
      controller.close()
    },
  })
  const response = await fetch(small.sqlUrl, {
    method: 'POST',
    duplex: 'half',
    body,
    headers: {
      'neon-connection-string': proxy.connectionString,
      authorization: `Bearer ${await proxy.issuer.token('alice')}`,
    },
  } as RequestInit)
  assert.equal(response.status, 413)
})

test('an answer beyond the limit is aborted early, however long it would be', async () => {
  const rows = await post('select repeat($$x$$, 500) from generate_series(1, 40)')
  assert.equal(rows.status, 507)
  assert.equal(rows.json.message, 'response is too large (max is 4096 bytes)')
  assert.equal((await post(`select repeat('x', 50000000)`)).status, 507)
  const endless = await post('select generate_series(1, 1000000000)')
  assert.equal(endless.status, 507)
  assert.match(String(endless.json.message), /too many rows \(max is 50 rows\)/)
  await until(false, '1000000000')
  assert.equal((await post('select 1')).status, 200)
})

test('an unexpected error shows the client nothing, and the log its place', async () => {
  const broken = await proxy.another({
    overrides: { gate: (sql) => Promise.reject(new TypeError(`cannot read ${sql}\n    at it`)) },
  })
  const { status, json } = await proxy.post({ query: `select 'secret'` }, { sqlUrl: broken.sqlUrl })
  assert.equal(status, 500)
  assert.equal(json.message, 'the proxy failed to answer; its log has the request id')
  const [entry] = broken.log
  assert.equal(entry?.code, 'internal')
  assert.ok(entry.at?.some((place) => place.includes('limits.test')))
  assert.doesNotMatch(JSON.stringify(entry), /secret|at it/)
})

test('a batch may not exceed the limit in total', async () => {
  const query = `select repeat('x', 1500)`
  const token = await proxy.issuer.token('alice')
  const { status } = await proxy.post(
    { queries: [{ query }, { query }, { query }] },
    { sqlUrl: small.sqlUrl, token },
  )
  assert.equal(status, 507)
})

test('a statement that takes too long is stopped by Postgres', async () => {
  const { status, json } = await post('select nap(30)')
  assert.equal(status, 400)
  assert.equal(json.code, '57014')
})

test('when the client disconnects, its statement is cancelled and has no effect', async () => {
  const gone = new AbortController()
  const running = post(
    `insert into memos (body) select 'too late' from nap(2.5)`,
    'alice',
    gone.signal,
  )
  await until(true, 'too late')
  gone.abort()
  await assert.rejects(running)
  await until(false, 'too late')
  assert.deepEqual(await proxy.asOwner(`select 1 from memos where body = 'too late'`), [])
  assert.equal((await post('select 1')).status, 200)
})

test('a user cannot run more than their share', async () => {
  const more = await Promise.all([1, 2, 3].map(() => post('select nap(1)', 'alice')))
  assert.deepEqual(more.map(({ status }) => status).sort(), [200, 200, 429])
  const refused = more.find(({ status }) => status === 429)
  assert.equal(refused?.headers.get('proxy-error-code'), 'too_many_requests')
  assert.equal(refused.headers.get('retry-after'), '1')
})

test('a full queue refuses at once instead of growing', async () => {
  const sleeping = ['a', 'b', 'c'].map((user) => post('select nap(1) as queued', user))
  await until(true, 'queued')
  const refused = await Promise.all(['d', 'e', 'f'].map((user) => post('select 1', user)))
  assert.ok(refused.some(({ status }) => status === 503))
  assert.equal(
    refused.find(({ status }) => status === 503)?.headers.get('proxy-error-code'),
    'queue_full',
  )
  await Promise.all(sleeping)
  assert.equal((await post('select 1')).status, 200)
})

test('a session that Postgres ended is replaced', async () => {
  await post('select 1')
  await proxy.asOwner(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'`,
  )
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await post('select 1')).status)
  assert.equal(statuses.at(-1), 200)
})

test('invalid HTTP gets a well-formed refusal', async () => {
  const { hostname, port } = new URL(small.url)
  const socket = connect(Number(port), hostname)
  socket.write('NONSENSE\r\n\r\n')
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  assert.match(chunk.toString(), /^HTTP\/1\.1 400 .*\{"message":"could not read the HTTP request"/s)
  socket.destroy()
})

test('closing finishes requests in flight and accepts no new ones', async () => {
  const other = await proxy.another({ overrides: { gate: openGate } })
  const running = proxy.post({ query: 'select nap(0.5) as draining' }, { sqlUrl: other.sqlUrl })
  await until(true, 'draining')
  const closed = other.close()
  assert.equal((await running).status, 200)
  await closed
  await assert.rejects(proxy.post({ query: 'select 1' }, { sqlUrl: other.sqlUrl }))
})

test('closing ends requests that outlast the grace period', async () => {
  const other = await proxy.another({
    env: { PROXY_SHUTDOWN_GRACE_MS: '100' },
    overrides: { gate: openGate },
  })
  const running = proxy.post({ query: 'select nap(14) as outlasting' }, { sqlUrl: other.sqlUrl })
  await until(true, 'outlasting')
  const [outcome] = await Promise.all([
    running.then(
      ({ status }) => status,
      () => 'cut off',
    ),
    other.close(),
  ])
  assert.notEqual(outcome, 200)
  await until(false, 'outlasting')
})
