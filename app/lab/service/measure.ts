/**
 * What a policy costs that asks who the user is for each row, beside one that asks once: measured on request, on a
 * table of many rows in a scratch database that is made for it and thrown away.
 */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { z } from 'zod'
import { sealClaims } from '../../../proxy/src/auth/seal'
import { parseSessionKey } from '../../../proxy/src/auth/session-key'
import type { Measurement } from './api'
import { LabError } from './client'
import type { Databases, Scratch } from './databases'

const ROWS_OF_USER = 120
const BATCH = 50_000
/** A form that takes seconds is measured once. */
const RUNS = 3
const ENOUGH_MS = 2_000
/** A measurement that is not asked about for so long has been left. */
const LEFT_MS = 15_000
const LOOK_MS = 1_000
const LIFETIME_S = 600

const PER_ROW = '(select auth.user_id() = user_id)'
const ONCE = '(select auth.user_id()) = user_id'

type Running = {
  readonly shown: Measurement
  readonly cancellation: AbortController
}

export class Measurements {
  readonly #databases: Databases
  #latest: (Running & { readonly end: Promise<void> }) | undefined
  #lastAsked = 0
  readonly #looking: NodeJS.Timeout

  constructor(databases: Databases) {
    this.#databases = databases
    this.#looking = setInterval(() => {
      if (this.#lastAsked < Date.now() - LEFT_MS) this.#latest?.cancellation.abort()
    }, LOOK_MS).unref()
  }

  /** @throws LabError while another one is running: it would measure that one, too */
  start(rows: number): Measurement {
    if (this.#latest?.shown.state === 'running') {
      throw new LabError('Another measurement is running: wait for it, or cancel it.')
    }
    const running: Running = {
      shown: {
        ...{ measurement: randomUUID(), state: 'running', doing: 'Making a scratch database' },
        ...{ rowsMade: 0, rows, rowsOfUser: Math.min(ROWS_OF_USER, rows) },
        perRow: { policy: PER_ROW, ms: [], plan: [] },
        once: { policy: ONCE, ms: [], plan: [] },
      },
      cancellation: new AbortController(),
    }
    this.#lastAsked = Date.now()
    this.#latest = { ...running, end: run(this.#databases, running) }
    return running.shown
  }

  /** @throws LabError */
  get(id: string): Measurement {
    this.#lastAsked = Date.now()
    return this.#find(id).shown
  }

  async cancel(id: string): Promise<Measurement> {
    const { shown, cancellation, end } = this.#find(id)
    cancellation.abort()
    await end
    return shown
  }

  async close(): Promise<void> {
    clearInterval(this.#looking)
    this.#latest?.cancellation.abort()
    await this.#latest?.end
  }

  #find(id: string) {
    if (this.#latest?.shown.measurement === id) return this.#latest
    throw new LabError('There is no such measurement.')
  }
}

async function run(databases: Databases, { shown, cancellation }: Running): Promise<void> {
  const { signal } = cancellation
  let scratch: Scratch | undefined
  try {
    scratch = await databases.make([])
    signal.throwIfAborted()
    await measure(scratch, shown, signal)
    Object.assign(shown, { state: 'done', doing: 'Done' })
  } catch {
    Object.assign(
      shown,
      signal.aborted
        ? { state: 'cancelled', doing: 'Cancelled' }
        : { state: 'failed', doing: 'The measurement failed' },
    )
  } finally {
    await scratch?.drop()
  }
}

async function measure(scratch: Scratch, shown: Measurement, signal: AbortSignal): Promise<void> {
  const client = new Client({ connectionString: scratch.ownerUrl })
  client.on('error', () => undefined)
  await client.connect()
  // Postgres ends the statement of a connection that is cut off, when the database is dropped.
  const cut = () => void client.end()
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new LabError('Cancelled'))
    })
  })
  cancelled.catch(() => undefined)
  try {
    await Promise.race([steps(client, scratch.sessionKey, shown), cancelled])
  } finally {
    cut()
  }
}

async function steps(client: Client, sessionKey: string, shown: Measurement): Promise<void> {
  await client.query(
    `create table public.records (id bigint generated always as identity, user_id text not null, body text not null);
     alter table public.records enable row level security;
     grant select on public.records to authenticated;
     create policy own on public.records for select to authenticated using (${ONCE})`,
  )
  shown.doing = 'Making rows'
  while (shown.rowsMade < shown.rows) {
    const from = shown.rowsMade
    const to = Math.min(from + BATCH, shown.rows)
    // The user's rows lie scattered among those of the others.
    await client.query(
      `insert into public.records (user_id, body)
       select case when n % $3 = 0 and n / $3 < $4 then 'alice' else 'user ' || n % 997 end, 'row ' || n
       from generate_series($1::int, $2::int - 1) as n`,
      [from, to, Math.floor(shown.rows / shown.rowsOfUser), shown.rowsOfUser],
    )
    shown.rowsMade = to
  }
  shown.doing = 'Making the index'
  await client.query('create index records_of_user on public.records (user_id, id)')
  await client.query('vacuum (analyze) public.records')
  for (const form of ['perRow', 'once'] as const) {
    const timed = shown[form]
    shown.doing = `Reading with ${timed.policy}`
    await client.query(`alter policy own on public.records using (${timed.policy})`)
    timed.plan = await asUser(client, sessionKey, async () => {
      const { rows } = await client.query(`explain (costs off) ${READ}`)
      return z
        .array(z.object({ 'QUERY PLAN': z.string() }))
        .parse(rows)
        .map((row) => row['QUERY PLAN'])
    })
    while (timed.ms.length < RUNS && sum(timed.ms) < ENOUGH_MS) {
      const ms = await asUser(client, sessionKey, async () => {
        const begun = performance.now()
        await client.query(READ)
        return performance.now() - begun
      })
      timed.ms = [...timed.ms, Math.round(ms * 100) / 100]
    }
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** No condition: which rows the user sees is the policy's business. */
const READ = 'select id, body from public.records order by id'

async function asUser<T>(client: Client, sessionKey: string, work: () => Promise<T>): Promise<T> {
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_S
  const sealed = sealClaims(parseSessionKey(sessionKey), JSON.stringify({ sub: 'alice', exp }))
  await client.query('begin')
  await client.query(
    `select set_config('role', 'authenticated', true), set_config('auth.session_token', $1, true)`,
    [sealed],
  )
  try {
    return await work()
  } finally {
    await client.query('rollback')
  }
}
