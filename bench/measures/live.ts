/** `live`: how soon live queries answer under writes, what they take while nothing happens, and what writes cost. */
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { installLiveRows } from '../../db/install-live-rows'
import * as schema from '../../db/schema'
import type { Bench, Measurement } from '../bench'
import { byTurns } from '../by-turns'
import { openLiveClient, type LiveClient } from '../load/live-client'
import { sendWell } from '../load/send'
import { cpuSeconds } from '../processes/cpu'
import { residentMegabytes } from '../processes/memory'
import { digits, megabytes, milliseconds, percentileCells, range, whole } from '../report/format'
import type { Scene, User } from '../scene/scene'
import { median, percentiles, quantile, ratios } from '../statistics'
import { sqlCall, startProxy } from '../targets/proxy'

const SUBSCRIBERS = 1_000
const WRITES_PER_SECOND = 200
const IDLE = 10_000
const AT_A_TIME = 50
const P99_MS = 50
const WRITE_SHARE = 1.1

const LIVE_ENV = {
  PROXY_LIVE: 'on',
  PROXY_LIVE_PER_USER: '1000',
  PROXY_LIVE_QUERIES: '20000',
  // So that its processor time and memory are those of one process.
  PROXY_WORKERS: '1',
}
const COUNT = { query: 'select count(*)::int from todos', params: [] }
const counted = z.object({ rows: z.tuple([z.tuple([z.string()])]) })

export const live: Measurement = async (bench) => {
  const scene = await bench.scene()
  bench.say(`${whole(SUBSCRIBERS)} users for live queries`)
  const users: User[] = []
  for (let i = 0; i < SUBSCRIBERS; i++) users.push(await scene.addUser(`live_${i}`, 1))
  await scene.owner.query('vacuum analyze todos')
  await installLiveRows(scene.owner, schema, true)
  const busy = await underWrites(bench, scene, users)
  const idle = await whileIdle(bench, scene, users)
  const cost = await costOfWrite(bench, scene, users[0])
  await scene.owner.query(`delete from todos where user_id like 'live\\_%'`)
  await installLiveRows(scene.owner, schema, false)

  const inPostgres = ratios(cost.watched, cost.plain)
  const asRequest = ratios(cost.watchedRequest, cost.plainRequest)
  return {
    title: 'Live queries',
    method: [
      `${whole(SUBSCRIBERS)} live queries of as many users, and ${whole(WRITES_PER_SECOND)} writes a second by the owner, each of a todo of another user: from the moment at which Postgres has answered the commit to the arrival of the user’s new answer. All on the same cores, load included.`,
      `Idle: what ${whole(IDLE)} more of them add to the proxy’s memory, ten of each user, and the processor time that they take while nothing changes.`,
      'Cost of a write: the same INSERT of one row into the same table with its triggers for live queries and without them, by turns; in Postgres alone (without a flush at the commit, so that all of it shows), and as a request through the proxy.',
    ],
    tables: [
      {
        head: ['', ''],
        rows: [
          ['commit to event, p50', milliseconds(quantile(busy.latencies, 0.5))],
          ['commit to event, p99', milliseconds(quantile(busy.latencies, 0.99))],
          ['answers sent, of writes', `${whole(busy.latencies.length)} of ${whole(busy.writes)}`],
          ['processor time of the proxy', `${digits(busy.cpuShare * 100)} % of a core`],
          ['its memory', megabytes(busy.memory)],
          [`memory of each of ${whole(IDLE)} idle ones`, `${digits(idle.kilobytesEach)} KB`],
          ['processor time of the proxy with these', `${digits(idle.cpuShare * 100)} % of a core`],
        ],
      },
      {
        head: ['a write', 'without p50', 'with p50', 'times'],
        rows: [
          [
            'in Postgres alone',
            milliseconds(median(cost.plain)),
            milliseconds(median(cost.watched)),
            range(inPostgres),
          ],
          [
            'a request',
            percentileCells(percentiles(cost.plainRequest))[0],
            percentileCells(percentiles(cost.watchedRequest))[0],
            range(asRequest),
          ],
        ],
      },
    ],
    goals: [
      {
        what: `Live queries: commit to event, p99 of ${whole(SUBSCRIBERS)} under ${WRITES_PER_SECOND} writes a second`,
        wanted: `< ${P99_MS} ms`,
        found: milliseconds(quantile(busy.latencies, 0.99)),
        isReached: quantile(busy.latencies, 0.99) < P99_MS,
      },
      {
        what: 'Live queries: a write that is a request, by one without triggers',
        wanted: `≤ ${WRITE_SHARE}`,
        found: digits(median(cost.watchedRequest) / median(cost.plainRequest)),
        isReached: median(cost.watchedRequest) / median(cost.plainRequest) <= WRITE_SHARE,
      },
    ],
  }
}

async function underWrites(bench: Bench, scene: Scene, users: readonly User[]) {
  bench.say(`${whole(users.length)} live queries under ${WRITES_PER_SECOND} writes a second`)
  const { url, pid, stop } = await startProxy(scene, [], bench.signal, LIVE_ENV)
  const latencies: number[] = []
  /** For each user: when the commit of the write was answered that makes so many todos. */
  const committed = users.map(() => new Map<number, number>())
  const shown = users.map(() => 0)
  const arrived = users.map(() => new Map<number, number>())
  try {
    const clients = await openAll(users.length, (i) =>
      openLiveClient(url, sqlCall(scene, userAt(users, i), COUNT), (json) => {
        const count = Number(counted.parse(JSON.parse(json)).rows[0][0])
        shown[i] = count
        arrived[i]?.set(count, performance.now())
      }),
    )
    const seconds = Math.max(10, bench.pace.seconds * bench.pace.rounds)
    const before = { cpu: cpuSeconds(pid), at: performance.now() }
    const writes = Math.round(seconds * WRITES_PER_SECOND)
    const counts = [...shown]
    let writing = Promise.resolve()
    for (let n = 0; n < writes; n++) {
      const due = before.at + (n * 1_000) / WRITES_PER_SECOND
      const early = due - performance.now()
      if (early > 1) await wait(early)
      const i = n % users.length
      const count = (counts[i] ?? 0) + 1
      counts[i] = count
      const { id } = userAt(users, i)
      writing = writing.then(async () => {
        await scene.owner.query(`insert into todos (user_id, task) values ($1, 'live')`, [id])
        committed[i]?.set(count, performance.now())
      })
    }
    await writing
    const took = (performance.now() - before.at) / 1_000
    const cpuShare = (cpuSeconds(pid) - before.cpu) / took
    for (const deadline = performance.now() + 5_000; performance.now() < deadline;) {
      if (counts.every((count, i) => shown[i] === count)) break
      await wait(10)
    }
    for (const [i, commits] of committed.entries()) {
      for (const [count, at] of commits) {
        const seen = arrived[i]?.get(count)
        // A later answer may have it, too, where two writes of one user were close to each other.
        if (seen !== undefined) latencies.push(Math.max(0, seen - at))
      }
    }
    const memory = residentMegabytes(pid)
    for (const { close } of clients) close()
    return { latencies, writes, cpuShare, memory }
  } finally {
    await stop()
  }
}

async function whileIdle(bench: Bench, scene: Scene, users: readonly User[]) {
  bench.say(`${whole(IDLE)} idle live queries`)
  const { url, pid, stop } = await startProxy(scene, [], bench.signal, LIVE_ENV)
  try {
    const each = (i: number) => ({
      query: 'select task from todos where task = $1',
      params: [`none ${Math.floor(i / users.length)}`],
    })
    const open = (i: number) =>
      openLiveClient(url, sqlCall(scene, userAt(users, i % users.length), each(i)), () => undefined)
    // Code and caches are warm, and every token is known.
    const first = await openAll(users.length, open)
    await wait(2_000)
    const before = residentMegabytes(pid)
    const others = await openAll(IDLE, (i) => open(i + users.length))
    await wait(2_000)
    const kilobytesEach = ((residentMegabytes(pid) - before) * 1024) / IDLE
    const start = { cpu: cpuSeconds(pid), at: performance.now() }
    await wait(20_000)
    const cpuShare = (cpuSeconds(pid) - start.cpu) / ((performance.now() - start.at) / 1_000)
    for (const { close } of [...first, ...others]) close()
    return { kilobytesEach, cpuShare }
  } finally {
    await stop()
  }
}

async function costOfWrite(bench: Bench, scene: Scene, writer: User | undefined) {
  bench.say('the cost of a write')
  const { owner } = scene
  // The same table, but for the triggers; the quota stays.
  await owner.query(`create table if not exists quiet_todos (like todos including all);
    select private.limit_rows('quiet_todos', 'user_id', 1000000);
    alter table quiet_todos enable row level security;
    create policy own on quiet_todos to authenticated using ((select auth.user_id()) = user_id) with check ((select auth.user_id()) = user_id);
    grant select, insert on quiet_todos to authenticated`)
  const { url, stop } = await startProxy(scene, [], bench.signal, LIVE_ENV)
  try {
    const user = writer ?? userAt(scene.users, 0)
    const insert = (table: string) => () =>
      owner.query(`insert into ${table} (user_id, task) values ($1, 'cost')`, [user.id])
    const send = (table: string) => () =>
      sendWell(
        url,
        sqlCall(scene, user, {
          query: `insert into ${table} (task) values ($1)`,
          params: ['cost'],
        }),
      )
    const rounds = bench.pace.repetitions
    const [plain = [], watched = [], plainRequest = [], watchedRequest = []] = await byTurns(
      [insert('quiet_todos'), insert('todos'), send('quiet_todos'), send('todos')],
      rounds,
    )
    return { plain, watched, plainRequest, watchedRequest }
  } finally {
    await stop()
    await owner.query('drop table quiet_todos')
  }
}

async function openAll(
  count: number,
  open: (i: number) => Promise<LiveClient>,
): Promise<LiveClient[]> {
  const clients: LiveClient[] = []
  for (let i = 0; i < count; i += AT_A_TIME) {
    const size = Math.min(AT_A_TIME, count - i)
    clients.push(...(await Promise.all(Array.from({ length: size }, (_, j) => open(i + j)))))
  }
  return clients
}

function userAt(users: readonly User[], i: number): User {
  const user = users[i]
  if (user === undefined) throw new Error('there is no such user')
  return user
}
