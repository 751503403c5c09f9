/** Other users' requests during a flood, sent at a fixed rate, so that a stalling proxy shows in the latencies. */
import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Call } from '../load/call'
import { send } from '../load/send'
import { quantile } from '../statistics'

export type Latencies = {
  /** Milliseconds. */
  readonly listP50: number
  readonly listP99: number
  readonly healthP99: number
  /** Requests of the bystanders with another status than 200. */
  readonly failures: number
}

const EVERY_MS = 20
const HEALTH: Call = { method: 'GET', path: '/healthz', headers: {}, body: '' }

/** @param calls of several users, sent in turn; none of them takes part in the flood */
export async function watchBystanders(
  url: string,
  calls: readonly Call[],
  seconds: number,
): Promise<Latencies> {
  const agent = new Agent({ keepAlive: true })
  const taken: { readonly list: number[]; readonly health: number[] } = { list: [], health: [] }
  const under: Promise<void>[] = []
  let failures = 0
  const ask = async (call: Call, into: number[]) => {
    const before = performance.now()
    const status = await send(url, call, agent).then(
      (answer) => answer.status,
      () => 0,
    )
    into.push(performance.now() - before)
    if (status !== 200) failures++
  }
  const started = performance.now()
  for (let i = 0; performance.now() < started + seconds * 1000; i++) {
    const call = calls[i % calls.length]
    if (call !== undefined) under.push(ask(call, taken.list))
    under.push(ask(HEALTH, taken.health))
    await wait(EVERY_MS)
  }
  await Promise.all(under)
  agent.destroy()
  return {
    listP50: quantile(taken.list, 0.5),
    listP99: quantile(taken.list, 0.99),
    healthP99: quantile(taken.health, 0.99),
    failures,
  }
}
