/**
 * Tries every function, operator and cast that the gate allows, with the largest values it allows.
 *
 * Each statement must end soon after its timeout; anything that Postgres cannot interrupt in time must not
 * pass the gate. The default run tries a few combinations of values per signature. `npm run test:all`
 * (TRIALS=full) tries up to 300, of 1 MB (more than half an hour).
 */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../../test/testing/fixture'
import { LARGE_VALUES } from '../../test/testing/large-values'
import { smallValue } from '../../test/testing/small-values'
import { allTrials, createLargeValues, tableOf, type Trial } from '../../test/testing/trials'
import type { Verdict } from './decide'
import { BUILT_IN_FUNCTIONS } from './functions'
import { createGate, type Gate } from './gate'
import { requireSmallPatterns } from './pattern-params'
import { MAX_PATTERN_UNITS } from './work'

const IS_FULL = process.env.TRIALS === 'full'
/** Quadratic work takes seconds at this size, and linear work milliseconds. */
const BYTES = (IS_FULL ? 1024 : 256) * 1024
const TIMEOUT_MS = 400
/** Twice the timeout, plus a margin for slow machines. */
const PATIENCE_MS = 2 * TIMEOUT_MS + 1_200
const COMBINATIONS = IS_FULL ? 300 : 3
/** Stops after this many failures, because each one restarts the server. */
const MAX_FAILURES = 10

let database: TestDatabase
let client: Client
let gate: Gate
/** What has been started, also by a `before` that fails: an open connection would keep this process alive. */
const ends: (() => Promise<unknown>)[] = []
before(async () => {
  // Killing a backend restarts the whole server, so it must not be shared.
  delete process.env.PROXY_TEST_DATABASE_URL
  delete process.env.TEST_SERVERS
  database = await startTestDatabase()
  ends.push(() => database.stop())
  gate = await createGate()
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
  try {
    await createLargeValues(owner, BYTES)
    await owner.query('grant select on all tables in schema public to authenticated')
  } finally {
    await owner.end()
  }
  client = await connect()
  ends.push(() => client.end())
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

test('the trial detects a statement that cannot be interrupted', async () => {
  const text = tableOf('text')
  const path = tableOf('path')
  for (const [expression, table] of [
    ['strpos(t0.v, t1.v)', text],
    ['t0.v <-> t1.v', path],
  ]) {
    const sql = `select ${expression} from ${table} t0, ${table} t1 where t0.i = 1 and t1.i = 2`
    assert.equal(await endsInTime(sql, []), false, expression)
  }
  assert.equal(await endsInTime('select count(*) from generate_series(1, 100000000000)', []), true)
})

test('the database refuses what the gate cannot tell apart', async () => {
  await assert.rejects(client.query(`select '{}'::jsonb - array['a']`), { code: '42501' })
})

test('every allowed function, operator, cast and type ends soon after the timeout', async (t) => {
  const trials = await allTrials(client, BUILT_IN_FUNCTIONS)
  const failures: string[] = []
  const tried = { allowed: 0, bounded: 0, refused: 0, statements: 0 }
  for (const trial of trials) {
    const forms = await allowedForms(trial)
    if (forms.length === 0) tried.refused++
    else if (forms.some(({ params }) => params.length > 0)) tried.bounded++
    else tried.allowed++
    for (const { sql, params } of forms) {
      for (const statement of [...(trial.overRows ? [sql] : []), ...pick(sql, trial)]) {
        tried.statements++
        if (await endsInTime(statement, params)) continue
        failures.push(`${trial.name}: ${statement}`)
        break
      }
    }
    if (failures.length >= MAX_FAILURES) break
  }
  t.diagnostic(JSON.stringify(tried))
  assert.deepEqual(failures, [])
  assert.ok(tried.allowed > 1_000, 'the lists are not empty')
})

type Form = { readonly sql: string; readonly params: readonly string[] }

/** Large values everywhere, or a parameter of the largest allowed size as one operand. */
async function allowedForms(trial: Trial): Promise<Form[]> {
  const large = trial.types.map((_, i) => `t${i}.v`)
  const first = { sql: statementOf(trial, large), params: [] }
  if (await passes(first)) return [first]
  const forms: Form[] = []
  for (const [i, type] of trial.types.entries()) {
    const operands = large.with(i, `$1::${type}`)
    // The weight per byte differs between rules: use the largest size that passes.
    for (let units = MAX_PATTERN_UNITS; units > 0; units = Math.floor(units / 2)) {
      const value = smallValue(type, units)
      const form = { sql: statementOf(trial, operands), params: [value] }
      if (!(await passes(form))) continue
      forms.push(form)
      break
    }
  }
  return forms
}

function statementOf(trial: Trial, operands: readonly string[]): string {
  const tables = trial.types.map((type, i) => `${tableOf(type)} t${i}`)
  const from = tables.length > 0 ? `from ${tables.join()}` : ''
  const expression = trial.write(operands)
  // Only count the results, so that they are not sent.
  return `select count(s.x) from (select ${expression} as x ${from} where true offset 0) s`
}

async function passes({ sql, params }: Form): Promise<boolean> {
  let verdict: Verdict
  try {
    verdict = await gate(sql)
    requireSmallPatterns([{ sql, params, arrayMode: undefined }], [verdict])
    return true
  } catch {
    return false
  }
}

/** The statement with some combinations of rows. The first values of each type are the worst. */
function pick(sql: string, { types }: Trial): string[] {
  const counts = types.map((type) => LARGE_VALUES[type]?.length ?? 1)
  const total = counts.reduce((product, count) => product * count, 1)
  const neighbours = [
    [1, 2, 3],
    [1, 3, 2],
    [2, 3, 1],
  ].map((order) => counts.map((count, i) => (((order[i % 3] ?? 1) - 1) % count) + 1))
  const others = Array.from({ length: Math.min(total, COMBINATIONS) }, (_, k) => {
    let rest = total <= COMBINATIONS ? k : Math.floor(Math.random() * total)
    return counts.map((count) => {
      const row = (rest % count) + 1
      rest = Math.floor(rest / count)
      return row
    })
  })
  const rows = IS_FULL ? [...neighbours, ...others] : neighbours
  const conditions = rows.map((row) =>
    ['true', ...row.map((n, i) => `t${i}.i = ${n}`)].join(' and '),
  )
  return [...new Set(conditions)].map((condition) =>
    sql.replace('where true', `where ${condition}`),
  )
}

/** An error counts as an end. A backend that does not end is killed, which restarts the server. */
async function endsInTime(sql: string, params: readonly string[]): Promise<boolean> {
  const killed = new AbortController()
  const timer = setTimeout(() => {
    killed.abort()
    process.kill(pidOf(client), 'SIGKILL')
  }, PATIENCE_MS)
  await client.query(sql, [...params]).catch(() => undefined)
  clearTimeout(timer)
  if (killed.signal.aborted) client = await reconnect()
  return !killed.signal.aborted
}

const pids = new WeakMap<Client, number>()

function pidOf(of: Client): number {
  const pid = pids.get(of)
  assert.ok(pid)
  return pid
}

async function connect(): Promise<Client> {
  const fresh = new Client({ connectionString: database.ownerUrl, statement_timeout: TIMEOUT_MS })
  fresh.on('error', () => undefined)
  await fresh.connect()
  const { rows } = await fresh.query<{ pid: number }>('select pg_backend_pid() as pid')
  if (rows[0]) pids.set(fresh, rows[0].pid)
  // Include what the database itself refuses, such as jsonb - text[].
  await fresh.query('set role authenticated')
  return fresh
}

async function reconnect(): Promise<Client> {
  for (let tries = 0; ; tries++) {
    try {
      return await connect()
    } catch (error) {
      if (tries > 100) throw error
      await wait(100)
    }
  }
}
