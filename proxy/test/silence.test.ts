/** Sessions whose network has silently dropped the connection. */
import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { startFaultyNetwork, type FaultyNetwork } from './testing/faulty-network'
import { listenInPlaceOf } from './testing/listen'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

/** More than a busy machine needs, and less than a request's time or the 5 minutes of an idle session. */
const PATIENCE_MS = 40_000
const REQUEST_MS = 60_000

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

type Network = {
  /** The proxy's connection string, through this network. */
  readonly url: string
  /** Silences all existing connections. */
  readonly fallSilent: () => void
  /** Whether new connections fall silent right after login. */
  isSilentAfterLogin: boolean
  readonly close: () => void
}

const READY = 0x5a

async function startNetwork(): Promise<Network> {
  const real = new URL(proxy.authenticatorUrl)
  const sockets = new Set<Socket>()
  const fallSilent = () => {
    for (const socket of sockets) socket.pause().removeAllListeners('data')
  }
  const server = createServer((client) => {
    const postgres = connect(Number(real.port), real.hostname)
    const fallsSilent = network.isSilentAfterLogin
    let isLoggedIn = false
    for (const socket of [client, postgres]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        client.destroy()
        postgres.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (!isLoggedIn || !fallsSilent) postgres.write(chunk)
    })
    postgres.on('data', (chunk) => {
      client.write(chunk)
      // ReadyForQuery is the last message, 6 bytes long.
      if (chunk.at(-6) === READY) isLoggedIn = true
    })
  })
  const network = {
    url: await listenInPlaceOf(real.href, server),
    isSilentAfterLogin: false,
    fallSilent,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  return network
}

/** A statement timeout that gives a request a second and a half, including the proxy's slack. */
const over = (network: Network, env: Record<string, string> = {}): Promise<OneProxy> =>
  proxy.another({
    env: { PROXY_DATABASE_URL: network.url, PROXY_STATEMENT_TIMEOUT_MS: '1000', ...env },
  })

const statusOf = async (one: OneProxy, options: Parameters<TestProxy['post']>[1] = {}) =>
  (await proxy.post({ query: 'select 1' }, { sqlUrl: one.sqlUrl, ...options })).status

test('sessions that fall silent right after login do not prevent others from opening', async (t) => {
  const network = await startNetwork()
  t.after(() => {
    network.close()
  })
  network.isSilentAfterLogin = true
  const one = await over(network)
  await Promise.all([statusOf(one), statusOf(one)])
  network.isSilentAfterLogin = false
  // Preparing a session may take 5 seconds.
  const started = performance.now()
  while ((await statusOf(one)) !== 200) assert.ok(performance.now() - started < PATIENCE_MS)
})

test('/readyz stays ready when all existing sessions fall silent', async (t) => {
  const network = await startNetwork()
  t.after(() => {
    network.close()
  })
  const one = await over(network)
  const ready = async () => (await fetch(`${one.url}/readyz`)).status
  assert.equal(await ready(), 200)
  network.fallSilent()
  const started = performance.now()
  while (performance.now() - started < 5_000) assert.equal(await ready(), 200)
})

const SIZE = 20

/** Fills the pool with idle sessions. */
async function full(network: FaultyNetwork): Promise<OneProxy> {
  const one = await proxy.another({
    env: {
      PROXY_DATABASE_URL: network.url,
      PROXY_POOL_SIZE: String(SIZE + 1),
      PROXY_STATEMENT_TIMEOUT_MS: String(REQUEST_MS),
    },
  })
  const owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  // They must be proven, because unproven statements on one table cannot use all sessions.
  await owner.query('begin')
  const reads = Array.from({ length: SIZE }, (_, i) => `select ${i} from silent_${i}`)
  for (const i of reads.keys()) await owner.query(`lock table silent_${i}`)
  const users = reads.map((query, i) => send(one, `user ${i}`, query))
  // 15 unproven statements, and the proxy's own queries.
  await until(async () => (await backends()) >= 15)
  await owner.end()
  await Promise.all(users)
  return one
}

const send = async (one: OneProxy, user: string, query: string) =>
  proxy.post({ query }, { sqlUrl: one.sqlUrl, token: await proxy.issuer.token(user) })

async function backends(): Promise<number> {
  const sql = `select from pg_stat_activity where usename = 'authenticator' and application_name = 'sql-proxy'`
  return (await proxy.asOwner(sql)).length
}

/** A login during the silence may fail the first requests after it. */
async function untilServed(one: OneProxy, sql: string): Promise<void> {
  const started = performance.now()
  while ((await send(one, 'alice', sql)).status !== 200) {
    assert.ok(performance.now() - started < PATIENCE_MS, 'nothing is served after the silence')
  }
}

test('a pool recovers within seconds after all its sessions have fallen silent', async (t) => {
  for (let i = 0; i < SIZE; i++) {
    await proxy.asOwner(`create table silent_${i} (n int)`)
    await proxy.asOwner(`grant select on silent_${i} to authenticated`)
  }
  const network = await startFaultyNetwork(proxy.authenticatorUrl)
  t.after(() => {
    network.close()
  })
  const one = await full(network)
  for (let round = 0; round < 2; round++) {
    network.fallSilent()
    const started = performance.now()
    const answers = await Promise.all(
      Array.from({ length: SIZE }, (_, i) =>
        send(one, `user ${i}`, `select ${i} from silent_${i}`),
      ),
    )
    assert.ok(
      performance.now() - started < PATIENCE_MS,
      'nobody waited for the whole of a request’s time',
    )
    // The request's connection was lost, or the login to replace it.
    for (const { status, headers } of answers)
      assert.match(
        status === 200 ? 'answered' : (headers.get('proxy-error-code') ?? ''),
        /^(answered|connection_lost|postgres_unreachable)$/,
      )
    for (let i = 0; i < SIZE; i++) await untilServed(one, `select ${i} from silent_${i}`)
    assert.ok((await backends()) <= 3 * SIZE, 'those that were lost do not pile up')
  }
})

test('idle sessions that fall silent are found before a request uses them', async (t) => {
  const network = await startFaultyNetwork(proxy.authenticatorUrl)
  t.after(() => {
    network.close()
  })
  const one = await full(network)
  const opened = network.opened()
  network.fallSilent()
  const started = performance.now()
  // Each is probed after five seconds, and has a second and a half to answer.
  while (network.left() < opened) {
    assert.ok(performance.now() - started < PATIENCE_MS)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.equal((await send(one, 'alice', 'select 1')).status, 200)
})

test('a query about a role is repeated when the only session has fallen silent', async (t) => {
  const network = await startNetwork()
  t.after(() => {
    network.close()
  })
  const one = await over(network, { PROXY_ANONYMOUS: 'on', PROXY_POOL_SIZE: '1' })
  assert.equal(await statusOf(one), 200)
  network.fallSilent()
  const asAnonymous = proxy.connectionString.replace('authenticated@', 'anonymous@')
  const headers = { 'neon-connection-string': asAnonymous }
  assert.equal(await statusOf(one, { token: null, headers }), 200)
  assert.equal(await statusOf(one), 200)
})
