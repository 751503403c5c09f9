/** `memory`: whether the proxy's memory grows under full load, and what open connections take. */
import { Agent } from 'node:http'
import type { Bench, Measurement } from '../bench'
import { load } from '../load/load'
import { sendWell } from '../load/send'
import { apart, placePostgres } from '../placement'
import { residentMegabytes, watchMemory } from '../processes/memory'
import { digits, megabytes, whole } from '../report/format'
import type { Scene, User } from '../scene/scene'
import { slope, type Point } from '../statistics'
import { ONE_WORKER, sqlCall, startProxy } from '../targets/proxy'
import { CONNECTIONS } from '../targets/target'
import { list } from '../workloads'

const OPEN_CONNECTIONS = 1_000
/** Concurrent requests: fewer than the pool and its queue take. */
const AT_A_TIME = 50
const MOST_MEGABYTES = 150
/** Growth a minute, in the second half; less is within a garbage collector's noise. */
const FLAT_MEGABYTES = 0.5
/** In a shorter time, the compiler and the caches still warm up, and a slope means nothing. */
const LEAST_MINUTES = 5

export const memory: Measurement = async (bench) => {
  const scene = await bench.scene()
  const points = await underLoad(bench, scene)
  const open = await withOpenConnections(bench, scene)

  const half = points.slice(Math.floor(points.length / 2))
  const perMinute = slope(half) * 60
  const values = points.map(({ y }) => y)
  const { soakMinutes } = bench.pace
  const each = ((open.connected - open.warm) * 1024) / OPEN_CONNECTIONS
  return {
    title: 'Memory',
    method: [
      `Resident memory of the proxy’s process: over ${soakMinutes} minutes of the list at full load (${CONNECTIONS} connections), the slope by a straight line through the second half; and of a fresh one with ${whole(OPEN_CONNECTIONS)} connections open, each of which has sent a request and stays.`,
    ],
    tables: [
      {
        head: ['', 'memory'],
        rows: [
          ['at the start of the load', megabytes(values[0] ?? Number.NaN)],
          [
            'least and most under load',
            `${megabytes(Math.min(...values.slice(1)))} to ${megabytes(Math.max(...values))}`,
          ],
          ['growth in the second half, each minute', megabytes(perMinute)],
          ['fresh, ready', megabytes(open.started)],
          ['fresh, after 1,000 requests', megabytes(open.warm)],
          [
            `with ${whole(OPEN_CONNECTIONS)} connections open`,
            `${megabytes(open.connected)} (${digits(each)} KB each)`,
          ],
        ],
      },
    ],
    goals: [
      ...(soakMinutes < LEAST_MINUTES
        ? []
        : [
            {
              what: `Memory: growth in the second half of ${soakMinutes} minutes at full load`,
              wanted: `≤ ${FLAT_MEGABYTES} MB a minute`,
              found: megabytes(perMinute),
              isReached: perMinute <= FLAT_MEGABYTES,
            },
          ]),
      {
        what: `Memory: with ${whole(OPEN_CONNECTIONS)} open connections`,
        wanted: `< ${MOST_MEGABYTES} MB`,
        found: megabytes(open.connected),
        isReached: open.connected < MOST_MEGABYTES,
      },
    ],
  }
}

async function underLoad({ pace, signal, say }: Bench, scene: Scene): Promise<readonly Point[]> {
  say(`memory over ${pace.soakMinutes} minutes`)
  const placement = apart()
  placePostgres(scene.postmaster, placement)
  const { url, pid, stop } = await startProxy(scene, placement.target, signal, ONE_WORKER)
  try {
    const work = load({
      url,
      calls: scene.users.map((user) => listCall(scene, user)),
      connections: CONNECTIONS,
      seconds: pace.soakMinutes * 60,
      prefix: placement.load,
      signal,
    })
    return await watchMemory(pid, 1_000, work)
  } finally {
    await stop()
  }
}

async function withOpenConnections({ signal, say }: Bench, scene: Scene) {
  say(`memory with ${OPEN_CONNECTIONS} connections`)
  const { url, pid, stop } = await startProxy(scene, [], signal, ONE_WORKER)
  // One agent for each connection, because a shared one would reuse free connections.
  const agents = Array.from({ length: OPEN_CONNECTIONS }, () => new Agent({ keepAlive: true }))
  const call = (i: number) => {
    const user = scene.users[i % scene.users.length]
    if (user === undefined) throw new Error('there is no user')
    return listCall(scene, user)
  }
  try {
    const started = residentMegabytes(pid)
    const one = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = 0; i < 1_000; i++) await sendWell(url, call(i), one)
    one.destroy()
    const warm = residentMegabytes(pid)
    for (let i = 0; i < OPEN_CONNECTIONS; i += AT_A_TIME) {
      const next = agents.slice(i, i + AT_A_TIME)
      await Promise.all(next.map((agent, j) => sendWell(url, call(i + j), agent)))
    }
    const open = agents.filter(({ freeSockets }) => Object.keys(freeSockets).length > 0).length
    if (open < OPEN_CONNECTIONS) throw new Error(`only ${open} connections stayed open`)
    return { started, warm, connected: residentMegabytes(pid) }
  } finally {
    for (const agent of agents) agent.destroy()
    await stop()
  }
}

function listCall(scene: Scene, user: User) {
  return sqlCall(scene, user, list.sql(user))
}
