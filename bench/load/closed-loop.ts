/** Reads a plan from stdin and carries it out: on each connection the next request follows an answer. */
import { Agent } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { quantile } from '../statistics'
import type { Outcome } from './outcome'
import { sendWell } from './send'

const planSchema = z.object({
  url: z.url(),
  calls: z
    .array(
      z.object({
        method: z.enum(['GET', 'POST']),
        path: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
      }),
    )
    .min(1),
  connections: z.int(),
  seconds: z.number(),
})

const plan = planSchema.parse(JSON.parse(await text(process.stdin)))
const agent = new Agent({ keepAlive: true, maxSockets: plan.connections })
const latencies: number[] = []
let failures = 0
let sent = 0

const started = performance.now()
const deadline = started + plan.seconds * 1000
await Promise.all(Array.from({ length: plan.connections }, loop))
const outcome: Outcome = {
  requests: latencies.length,
  failures,
  seconds: (performance.now() - started) / 1000,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
}
agent.destroy()
console.log(JSON.stringify(outcome))

async function loop(): Promise<void> {
  while (performance.now() < deadline) {
    const call = plan.calls[sent++ % plan.calls.length]
    if (call === undefined) return
    const before = performance.now()
    await sendWell(plan.url, call, agent).catch(() => failures++)
    latencies.push(performance.now() - before)
  }
}
