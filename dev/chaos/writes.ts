/** Writes under load while something breaks: the reported outcome of each write must be the real one. */
import { Client } from 'pg'
import { startTestProxy, type Posted } from '../../proxy/test/testing/proxy'
import { startTestDatabase } from '../postgres/testing/test-database'
import type { Finding } from './finding'

const CLIENTS = 16
/** The longest time without a success, including Postgres' own restart. */
const LONGEST_GAP_MS = 10_000

type Told = 'saved' | 'failed' | 'unknown'
type AsOwner = (sql: string) => Promise<Record<string, unknown>[]>

export type Harm = {
  readonly name: string
  /** How long clients write while the fault is repeated. */
  readonly ms: number
  /** The pause between two faults. */
  readonly everyMs: number
  readonly harm: (asOwner: AsOwner) => Promise<void>
  /** Set if the fault does not hit the throwaway Postgres. */
  readonly serverUrl?: string
}

export async function writesDuring({ name, ms, everyMs, harm, serverUrl }: Harm): Promise<Finding> {
  const env = { PROXY_POOL_SIZE: '10', PROXY_RATE_LIMIT: '0' }
  const proxy = await startTestProxy({ env }, () => startTestDatabase(serverUrl))
  const told = new Map<string, Told>()
  const end = performance.now() + ms
  let wrong = 0
  let lastSuccess = performance.now()
  let longest = 0
  const note = () => {
    longest = Math.max(longest, performance.now() - lastSuccess)
  }
  const client = async (user: number) => {
    const token = await proxy.issuer.token(`user ${user}`)
    for (let i = 0; performance.now() < end; i++) {
      const task = `${user} ${i}`
      const returning = 'returning user_id, task'
      const insert = { query: `insert into todos (task) values ($1) ${returning}`, params: [task] }
      const isBatch = i % 2 === 1
      const body = isBatch ? { queries: [insert, { query: 'select 1' }] } : insert
      const posted = await proxy.post(body, { token })
      told.set(task, toldBy(posted))
      if (posted.status !== 200) continue
      note()
      lastSuccess = performance.now()
      if (!posted.text.includes(JSON.stringify({ user_id: `user ${user}`, task }))) wrong++
    }
  }
  const asOwner: AsOwner = (sql) => askOnce(proxy.ownerUrl, sql)
  let harms = 0
  const harming = async () => {
    for (; performance.now() < end; harms++) {
      await pause(everyMs)
      await retried(() => harm(asOwner))
    }
  }
  await Promise.all([harming(), ...Array.from({ length: CLIENTS }, (_, user) => client(user))])
  note()
  // Postgres may still be recovering, or running an abandoned statement.
  const rows = await retried(() => asOwner('select user_id, task from todos'))
  const saved = new Map(rows.map(({ user_id, task }) => [String(task), String(user_id)]))
  for (const [task, owner] of saved) if (owner !== `user ${task.split(' ')[0] ?? ''}`) wrong++
  const count = (what: Told, wasSaved: boolean) =>
    [...told].filter(([task, one]) => one === what && saved.has(task) === wasSaved).length
  const lost = count('saved', false)
  const denied = count('failed', true)
  await proxy.stop()
  return {
    name,
    isGood: lost === 0 && denied === 0 && wrong === 0 && longest < LONGEST_GAP_MS,
    figures: {
      'times harmed': harms,
      'writes told as saved': count('saved', true) + lost,
      '… of them lost': lost,
      'told as failed': count('failed', false) + denied,
      '… of them saved': denied,
      'told as unknown': count('unknown', true) + count('unknown', false),
      '… of them saved in truth': count('unknown', true),
      'wrong rows': wrong,
      'longest time without a success': `${(longest / 1000).toFixed(1)} s`,
    },
  }
}

function toldBy({ status, json }: Posted): Told {
  if (status === 200) return 'saved'
  return json.code === '08007' ? 'unknown' : 'failed'
}

/** Uses a new connection, because the last one may have ended with the server. */
async function askOnce(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** While Postgres recovers, it answers no client. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 50; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0) throw error
      await pause(100)
    }
  }
}
