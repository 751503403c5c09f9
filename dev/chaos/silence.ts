/** A network that silently drops all connections, again and again, under load. */
import { startFaultyNetwork } from '../../proxy/test/testing/faulty-network'
import { startTestProxy } from '../../proxy/test/testing/proxy'
import { startTestDatabase } from '../postgres/testing/test-database'
import type { Finding } from './finding'

const CLIENTS = 20
const ROUNDS = 3
const ROUND_MS = 12_000
/** A request's deadline is 17 s. */
const LONGEST_MS = 12_000

export async function silence(): Promise<Finding> {
  const proxy = await startTestProxy({}, startTestDatabase)
  const network = await startFaultyNetwork(proxy.authenticatorUrl)
  const one = await proxy.another({
    env: { PROXY_DATABASE_URL: network.url, PROXY_POOL_SIZE: '20' },
  })
  const end = performance.now() + ROUNDS * ROUND_MS
  const counts = { ok: 0, failed: 0, notReady: 0, backends: 0 }
  let lastSuccess = performance.now()
  let longest = 0
  const client = async (user: number) => {
    const token = await proxy.issuer.token(`user ${user}`)
    while (performance.now() < end) {
      const body = { query: 'insert into todos (task) values ($1)', params: ['silence'] }
      const { status } = await proxy.post(body, { sqlUrl: one.sqlUrl, token })
      if (status !== 200) {
        counts.failed++
        continue
      }
      counts.ok++
      longest = Math.max(longest, performance.now() - lastSuccess)
      lastSuccess = performance.now()
      await pause(100)
    }
  }
  const breaking = async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await pause(ROUND_MS / 3)
      network.fallSilent()
      await pause((ROUND_MS * 2) / 3)
    }
  }
  const watching = async () => {
    while (performance.now() < end) {
      const { status } = await fetch(`${one.url}/readyz`)
      if (status !== 200) counts.notReady++
      const sql = `select from pg_stat_activity where usename = 'authenticator'`
      counts.backends = Math.max(counts.backends, (await proxy.asOwner(sql)).length)
      await pause(250)
    }
  }
  await Promise.all([
    breaking(),
    watching(),
    ...Array.from({ length: CLIENTS }, (_, user) => client(user)),
  ])
  await one.close()
  network.close()
  await proxy.stop()
  return {
    name: `all connections dropped without a word, ${ROUNDS} times`,
    isGood: longest < LONGEST_MS && counts.notReady === 0,
    figures: {
      'requests answered': counts.ok,
      'requests failed': counts.failed,
      'longest time without a success': `${(longest / 1000).toFixed(1)} s`,
      'times /readyz said no': counts.notReady,
      'backends at most (pool of 20)': counts.backends,
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
