/** What a query took according to Postgres: EXPLAIN (ANALYZE, BUFFERS), as a user or as the owner. */
import type { Client } from 'pg'
import { z } from 'zod'
import { becomeUser } from '../../proxy/src/auth/identity'

const report = z.object({ 'QUERY PLAN': z.array(z.object({ 'Execution Time': z.number() })) })

/** @returns milliseconds of executing alone: the way there and back and, once prepared, planning are not in it */
export async function serverTime(client: Client, sql: string): Promise<number> {
  const { rows } = await client.query(`explain (analyze, timing off, format json) ${sql}`)
  return report.parse(rows[0])['QUERY PLAN'][0]?.['Execution Time'] ?? Number.NaN
}

/** @returns the plan as people read it */
export async function plan(client: Client, sql: string): Promise<string> {
  const { rows } = await client.query(`explain (analyze, buffers, costs off, timing off) ${sql}`)
  return z
    .array(z.object({ 'QUERY PLAN': z.string() }))
    .parse(rows)
    .map((row) => row['QUERY PLAN'])
    .join('\n')
}

/** Runs `work` in a transaction of the user. */
export async function asUser<T>(
  authenticator: Client,
  sealed: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  await authenticator.query('begin')
  try {
    // The per-row policy takes longer than a request may.
    await authenticator.query('set local statement_timeout = 0')
    const { sql, params } = becomeUser({ role: 'authenticated', sessionToken: sealed })
    await authenticator.query(sql, [...params])
    return await work(authenticator)
  } finally {
    await authenticator.query('rollback')
  }
}
