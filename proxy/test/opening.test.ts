import assert from 'node:assert/strict'
import { createServer, type Server, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { Cancellation } from '../src/cancellation'
import { Pool } from '../src/postgres/pool'
import { listenInPlaceOf } from './testing/listen'
import { startTestProxy, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

/** A server in place of Postgres that accepts every connection and stays silent. */
async function startSilence(): Promise<{ url: string; most: () => number; close: () => void }> {
  const sockets = new Set<Socket>()
  let most = 0
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    most = Math.max(most, sockets.size)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  return {
    url: await listenInPlaceOf(proxy.authenticatorUrl, server),
    most: () => most,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const askAll = (sqlUrl: string, query = 'select 1') =>
  Promise.all(
    USERS.map(async (user) => {
      const token = await proxy.issuer.token(user)
      return proxy.post({ query }, { sqlUrl, token })
    }),
  )

test('a burst on a fresh proxy is answered completely', async () => {
  const fresh = await proxy.another({ env: { PROXY_QUEUE_LENGTH: '1' } })
  const statuses = (await askAll(fresh.sqlUrl)).map(({ status }) => status)
  assert.deepEqual(
    statuses,
    USERS.map(() => 200),
  )
})

test('while Postgres is silent, two logins are tried at once, and all waiting requests fail together', async () => {
  const silence = await startSilence()
  const lost = await proxy.another({ env: { PROXY_DATABASE_URL: silence.url } })
  try {
    const already = silence.most()
    for (const { headers, json } of await askAll(lost.sqlUrl)) {
      assert.equal(headers.get('proxy-error-code'), 'postgres_unreachable')
      assert.match(String(json.message), /^Couldn't connect to compute node/)
    }
    assert.ok(silence.most() - already <= 2, `${silence.most()} at once`)
  } finally {
    await lost.close()
    silence.close()
  }
})

test('slow statements all run at once, as far as there are sessions', async () => {
  await proxy.asOwner(
    `create function rest() returns void security definer language sql as 'select pg_sleep(2)'`,
  )
  const { sqlUrl } = await proxy.another({ env: { PROXY_FUNCTIONS: 'public.rest' } })
  const answers = askAll(sqlUrl, 'select public.rest()')
  const active = `select from pg_stat_activity where state = 'active' and query like 'select public.rest%'`
  await until(async () => (await proxy.asOwner(active)).length >= USERS.length)
  for (const { status } of await answers) assert.equal(status, 200)
})

test('while Postgres refuses further logins, the existing sessions serve all requests', async () => {
  await proxy.asOwner(
    `create function nap() returns void security definer language sql as 'select pg_sleep(0.1)'`,
  )
  const { sqlUrl } = await proxy.another({ env: { PROXY_FUNCTIONS: 'public.nap' } })
  const query = 'select public.nap()'
  assert.equal((await proxy.post({ query }, { sqlUrl })).status, 200)
  await proxy.asOwner('alter role authenticator connection limit 1')
  try {
    const statuses = (await askAll(sqlUrl, query)).map(({ status }) => status)
    assert.deepEqual(
      statuses,
      USERS.map(() => 200),
    )
  } finally {
    await proxy.asOwner('alter role authenticator connection limit -1')
  }
})

test('a closed pool opens no more sessions', async () => {
  const silence = await startSilence()
  const pool = new Pool({
    url: silence.url,
    statementTimeoutMs: 1_000,
    size: 2,
    queueLength: 2,
    maxMessageBytes: 1_000,
  })
  pool.abort()
  await assert.rejects(pool.acquire(new Cancellation()), /the proxy is shutting down/)
  assert.equal(silence.most(), 0)
  silence.close()
})
