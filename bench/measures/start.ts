/** `start`: how soon a proxy is ready, and what its first request takes. */
import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { z } from 'zod'
import type { Bench, Measurement } from '../bench'
import { timed } from '../by-turns'
import { sendWell } from '../load/send'
import { free, placePostgres } from '../placement'
import { runProgram } from '../processes/program'
import { startServer } from '../processes/server'
import { digits, milliseconds, range } from '../report/format'
import { createPostgres } from '../scene/own-postgres'
import type { Scene } from '../scene/scene'
import { median, ratios, spread } from '../statistics'
import { isReady, PROXY_ARGS, sqlCall, startProxy } from '../targets/proxy'
import { list } from '../workloads'

const POLL_MS = 3
const WARM_REQUESTS = 200
/** Pause before a first request, which in practice finds the processor, its caches and Postgres idle as well. */
const REST_MS = 500
const RESTED_REQUESTS = 5
const MOST_READY_MS = 300
const FIRST_OF_WARM = 3

export const start: Measurement = async (bench) => {
  const scene = await bench.scene()
  placePostgres(scene.postmaster, free())
  bench.say('start: Postgres first')
  const fresh = await repeat(bench, () => freshProxy(bench, scene))
  bench.say('start: the proxy first')
  const ready = await afterPostgres(bench, scene)
  const node = await repeat(bench, () => timed(() => runNode(bench, '-e', '0')))
  const tsx = await repeat(bench, () => timed(() => runNode(bench, '--import', 'tsx', '-e', '0')))

  const firsts = fresh.map(({ first }) => first)
  const warm = fresh.map((one) => one.warm)
  const rested = fresh.map((one) => one.rested)
  const ratio = ratios(firsts, warm)
  const ms = (values: readonly number[]) => range(spread(values), milliseconds)
  return {
    title: 'Start',
    method: [
      `${bench.pace.starts} times each, all cores free. Ready: GET /readyz answers 200. The first request goes over the connection that /readyz opened; warm is the median of the ${WARM_REQUESTS} after it, one right behind the other; rested, of ${RESTED_REQUESTS} more, each after ${REST_MS} ms in which nothing was asked.`,
    ],
    tables: [
      {
        head: ['', 'time'],
        rows: [
          ['proxy started with Postgres up, until ready', ms(fresh.map((one) => one.ready))],
          ['of that Node alone (`node -e 0`)', ms(node)],
          ['of that Node with tsx, which runs TypeScript', ms(tsx)],
          ['proxy waiting, Postgres ready, until the proxy is', ms(ready)],
          ['the first request', ms(firsts)],
          ['a warm request', ms(warm)],
          ['a warm request, rested', ms(rested)],
          ['first by warm', range(ratio)],
          ['first by rested', range(ratios(firsts, rested))],
        ],
      },
    ],
    goals: [
      {
        what: 'Start: ready after Postgres is',
        wanted: `< ${MOST_READY_MS} ms`,
        found: milliseconds(median(ready)),
        isReached: median(ready) < MOST_READY_MS,
      },
      {
        what: 'Start: the first request by a warm one',
        wanted: `< ${FIRST_OF_WARM}`,
        found: digits(ratio.median),
        isReached: ratio.median < FIRST_OF_WARM,
      },
    ],
  }
}

async function freshProxy({ signal }: Bench, scene: Scene) {
  const [user] = scene.users
  if (user === undefined) throw new Error('there is no user')
  const call = sqlCall(scene, user, list.sql(user))
  const before = performance.now()
  const { url, stop } = await startProxy(scene, [], signal)
  const ready = performance.now() - before
  const agent = new Agent({ keepAlive: true })
  try {
    await sendWell(url, { method: 'GET', path: '/readyz', headers: {}, body: '' }, agent)
    const send = () => timed(() => sendWell(url, call, agent))
    const first = await send()
    const samples: number[] = []
    for (let i = 0; i < WARM_REQUESTS; i++) samples.push(await send())
    const rested: number[] = []
    for (let i = 0; i < RESTED_REQUESTS; i++) {
      await wait(REST_MS)
      rested.push(await send())
    }
    return { ready, first, warm: median(samples), rested: median(rested) }
  } finally {
    agent.destroy()
    await stop()
  }
}

/** The proxy starts first, and tries to connect until Postgres is up. */
async function afterPostgres(bench: Bench, scene: Scene): Promise<number[]> {
  const postgres = await createPostgres()
  const remove = bench.atEnd(postgres.remove)
  const { authenticatorUrl, sessionKey } = postgres
  const env = {
    ...scene.proxyEnv,
    PROXY_DATABASE_URL: authenticatorUrl,
    PROXY_SESSION_KEY: sessionKey,
  }
  const options = { name: 'The proxy', prefix: [], args: PROXY_ARGS, env }
  const times = await repeat(bench, async () => {
    const proxy = await startServer(options, bench.signal)
    try {
      if (await isReady(proxy.url)) throw new Error('the proxy is ready without Postgres')
      const proxyReady = until(() => isReady(proxy.url))
      const postgresReady = until(() => accepts(authenticatorUrl))
      const { stop } = await postgres.start()
      const ms = (await proxyReady) - (await postgresReady)
      await stop()
      // Both are polled every few milliseconds, so the proxy may be seen slightly before Postgres.
      return Math.max(0, ms)
    } finally {
      await proxy.stop()
    }
  })
  await remove()
  return times
}

async function repeat<T>({ pace }: Bench, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let i = 0; i < pace.starts; i++) results.push(await run())
  return results
}

function runNode({ signal }: Bench, ...args: string[]): Promise<string> {
  return runProgram([process.execPath, ...args], signal)
}

/** @returns when the condition first held */
async function until(condition: () => Promise<boolean>): Promise<number> {
  while (!(await condition())) await wait(POLL_MS)
  return performance.now()
}

async function accepts(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  try {
    await client.connect()
    z.array(z.object({ ok: z.literal(1) })).parse((await client.query('select 1 as ok')).rows)
    return true
  } catch {
    return false
  } finally {
    await client.end()
  }
}
