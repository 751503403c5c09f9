/** Sessions whose network says nothing any more, and does not say that either. */
import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { listenInPlaceOf } from './testing/listen'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

type Network = {
  /** The proxy's connection string, through it. */
  readonly url: string
  /** Of the connections that there are, none says anything any more. */
  readonly fallSilent: () => void
  /** Whether new connections fall silent right after their login. */
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

/** With a request's time of a second and a half: half a second of slack is the proxy's. */
const over = (network: Network, env: Record<string, string> = {}): Promise<OneProxy> =>
  proxy.another({
    env: { PROXY_DATABASE_URL: network.url, PROXY_STATEMENT_TIMEOUT_MS: '1000', ...env },
  })

const statusOf = async (one: OneProxy, options: Parameters<TestProxy['post']>[1] = {}) =>
  (await proxy.post({ query: 'select 1' }, { sqlUrl: one.sqlUrl, ...options })).status

test('sessions that fall silent right after their login do not keep others from being opened', async () => {
  const network = await startNetwork()
  network.isSilentAfterLogin = true
  const one = await over(network)
  await Promise.all([statusOf(one), statusOf(one)])
  network.isSilentAfterLogin = false
  // A session that is being prepared has 5 seconds for it.
  const started = performance.now()
  while ((await statusOf(one)) !== 200) assert.ok(performance.now() - started < 15_000)
  network.close()
})

test('/readyz answers while its session is silent, and sees when the network is back', async () => {
  const network = await startNetwork()
  const one = await over(network)
  const ready = async () => (await fetch(`${one.url}/readyz`)).status
  assert.equal(await ready(), 200)
  network.fallSilent()
  const started = performance.now()
  while ((await ready()) === 200) assert.ok(performance.now() - started < 10_000)
  while ((await ready()) !== 200) assert.ok(performance.now() - started < 20_000)
  network.close()
})

test('a question about a role does not keep the only session for ever', async () => {
  const network = await startNetwork()
  const one = await over(network, { PROXY_ANONYMOUS: 'on', PROXY_POOL_SIZE: '1' })
  assert.equal(await statusOf(one), 200)
  network.fallSilent()
  const asAnonymous = proxy.connectionString.replace('authenticated@', 'anonymous@')
  const headers = { 'neon-connection-string': asAnonymous }
  assert.notEqual(await statusOf(one, { token: null, headers }), 200)
  const started = performance.now()
  while ((await statusOf(one)) !== 200) assert.ok(performance.now() - started < 15_000)
  network.close()
})
