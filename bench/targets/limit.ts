/** The limit, Postgres itself: pgbench sends a user's statements without HTTP and without a JWT. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { becomeUser, BECOME_USER } from '../../proxy/src/auth/identity'
import type { Round } from '../load/load'
import { versionOf } from '../machine'
import { runProgram } from '../processes/program'
import type { User } from '../scene/scene'
import { withValues } from '../scene/statements'
import { readTodos, type Todo } from '../scene/todos'
import { quantile } from '../statistics'
import type { Setting, Target } from './target'

export const LIMIT = 'the limit: pgbench'

/** Fewer leave Postgres idle, and with more its processes compete; the best number depends on the machine. */
const CLIENTS = [4, 8, 16, 32] as const

/** @returns null where pgbench is missing, or too old for pipelines */
export async function limitTarget(setting: Setting): Promise<Target | null> {
  const version = /\d+/.exec(versionOf('pgbench', '--version') ?? '')?.[0] ?? '0'
  if (Number(version) < 14) return null
  const seconds = setting.pace.warmUpSeconds
  let best = { clients: 0, perSecond: 0 }
  for (const clients of CLIENTS) {
    const { perSecond } = await run(setting, clients, seconds)
    if (perSecond > best.perSecond) best = { clients, perSecond }
  }
  return {
    name: `${LIMIT}, ${best.clients} clients`,
    answer: (user) => answer(setting, user),
    round: (roundSeconds) => run(setting, best.clients, roundSeconds),
    stop: () => Promise.resolve(),
  }
}

async function run(setting: Setting, clients: number, seconds: number): Promise<Round> {
  const { scene, placement, signal } = setting
  const folder = mkdtempSync(join(tmpdir(), 'bench-pgbench-'))
  const script = join(folder, 'script.sql')
  writeFileSync(script, scriptFor(setting, scene.users.slice(0, clients)))
  const flags = [
    ...['--no-vacuum', '--protocol=prepared', '--jobs=1', `--client=${clients}`],
    ...[`--time=${Math.ceil(seconds)}`, `--file=${script}`],
    ...['--log', `--log-prefix=${join(folder, 'log')}`, '--sampling-rate=0.05'],
  ]
  const { hostname, port, username, password, pathname } = new URL(scene.authenticatorUrl)
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production' as const,
    ...{ PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password },
    PGDATABASE: pathname.slice(1),
  }
  try {
    const output = await runProgram([...placement.target, 'pgbench', ...flags], signal, { env })
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(output)?.[1])
    const failures = Number(/failed transactions: (\d+)/.exec(output)?.[1] ?? 0)
    if (!(perSecond > 0) || failures > 0) throw new Error(`pgbench failed: ${output}`)
    const sampled = latencies(folder)
    return { perSecond, p50: quantile(sampled, 0.5), p99: quantile(sampled, 0.99) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Each client is one user, and prepares only that user's statements. */
function scriptFor(setting: Setting, users: readonly User[]): string {
  const blocks = users.map((user, i) =>
    [
      `\\${i === 0 ? 'if' : 'elif'} :client_id = ${i}`,
      '\\startpipeline',
      ...statements(setting, user).map((sql) => `${sql};`),
      '\\endpipeline',
    ].join('\n'),
  )
  return `${blocks.join('\n')}\n\\endif\n`
}

/** A single statement shares the implicit transaction of its pipeline; the proxy does the same. */
function statements({ workload }: Setting, user: User): readonly string[] {
  const all = [
    withValues(BECOME_USER, 'authenticated', user.sealed, '0.5'),
    ...workload.statements(user),
  ]
  return workload.isBatch ? ['START TRANSACTION', ...all, 'COMMIT'] : all
}

/** Milliseconds, of a share of all transactions: the third column of pgbench's log has microseconds. */
function latencies(folder: string): number[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith('log'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))
    .map((line) => Number(line.split(' ')[2]) / 1000)
}

/** pgbench does not print rows, so the same statements are sent once more to see them. */
async function answer(setting: Setting, user: User): Promise<readonly (readonly Todo[])[]> {
  const client = new Client({ connectionString: setting.scene.authenticatorUrl })
  await client.connect()
  try {
    await client.query('begin')
    const { sql, params } = becomeUser({ role: 'authenticated', sessionToken: user.sealed })
    await client.query(sql, [...params])
    const lists: Todo[][] = []
    for (const sql of setting.workload.statements(user)) {
      lists.push(readTodos((await client.query(sql)).rows))
    }
    await client.query('commit')
    return lists
  } finally {
    await client.end()
  }
}
