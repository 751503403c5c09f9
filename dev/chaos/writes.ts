/** Writes under load while sessions are ended: whatever is said of a write is what became of it. */
import { startTestProxy, type Posted } from '../../proxy/testing/proxy'
import type { Finding } from './finding'

const CLIENTS = 16

type Told = 'saved' | 'failed' | 'unknown'

/** @param harm is done again and again while clients write */
export async function writesDuring(
  name: string,
  ms: number,
  everyMs: number,
  harm: (asOwner: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<void>,
): Promise<Finding> {
  const proxy = await startTestProxy({ env: { PROXY_POOL_SIZE: '10', PROXY_RATE_LIMIT: '0' } })
  const told = new Map<string, Told>()
  const end = performance.now() + ms
  const client = async (user: number) => {
    const token = await proxy.issuer.token(`user ${user}`)
    for (let i = 0; performance.now() < end; i++) {
      const task = `${user} ${i}`
      const insert = { query: 'insert into todos (task) values ($1)', params: [task] }
      const body = i % 2 === 0 ? insert : { queries: [insert, { query: 'select 1' }] }
      told.set(task, toldBy(await proxy.post(body, { token })))
    }
  }
  let harms = 0
  const harming = async () => {
    for (; performance.now() < end; harms++) {
      await pause(everyMs)
      await retried(() => harm(proxy.asOwner))
    }
  }
  await Promise.all([harming(), ...Array.from({ length: CLIENTS }, (_, user) => client(user))])
  // Postgres may still be recovering, or be at work on what was given up.
  const rows = await retried(() => proxy.asOwner('select task from todos'))
  const saved = new Set(rows.map(({ task }) => String(task)))
  const count = (what: Told, wasSaved: boolean) =>
    [...told].filter(([task, one]) => one === what && saved.has(task) === wasSaved).length
  const lost = count('saved', false)
  const denied = count('failed', true)
  await proxy.stop()
  return {
    name,
    isGood: lost === 0 && denied === 0,
    figures: {
      'times harmed': harms,
      'writes told as saved': count('saved', true) + lost,
      '… of them lost': lost,
      'told as failed': count('failed', false) + denied,
      '… of them saved': denied,
      'told as unknown': count('unknown', true) + count('unknown', false),
      '… of them saved in truth': count('unknown', true),
    },
  }
}

function toldBy({ status, json }: Posted): Told {
  if (status === 200) return 'saved'
  return json.code === '08007' ? 'unknown' : 'failed'
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** While Postgres recovers, it answers nobody. */
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
