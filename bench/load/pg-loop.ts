/** A server that reads with `pg` directly: like closed-loop.ts, without a proxy in between. */
import { text } from 'node:stream/consumers'
import { Pool } from 'pg'
import { z } from 'zod'
import { quantile } from '../statistics'
import type { Outcome } from './outcome'

const planSchema = z.object({
  databaseUrl: z.string(),
  sql: z.string(),
  params: z.array(z.string()),
  connections: z.int(),
  /** Before measuring starts. */
  warmUpSeconds: z.number(),
  seconds: z.number(),
})

export type PgPlan = z.infer<typeof planSchema>

const plan = planSchema.parse(JSON.parse(await text(process.stdin)))
const pool = new Pool({ connectionString: plan.databaseUrl, max: plan.connections })
await loops(plan.warmUpSeconds)
const started = performance.now()
const latencies = await loops(plan.seconds)
const outcome: Outcome = {
  requests: latencies.length,
  failures: 0,
  seconds: (performance.now() - started) / 1000,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
}
await pool.end()
console.log(JSON.stringify(outcome))

/** @returns what each query took, in milliseconds */
async function loops(seconds: number): Promise<number[]> {
  const taken: number[] = []
  const deadline = performance.now() + seconds * 1000
  const loop = async () => {
    while (performance.now() < deadline) {
      const before = performance.now()
      await pool.query(plan.sql, plan.params)
      taken.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: plan.connections }, loop))
  return taken
}
