/** `floods`: how other users fare during a flood by one user, and by many accounts together. */
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { UserError } from '../../dev/user-error'
import type { Bench, Measurement } from '../bench'
import { watchBystanders, type Latencies } from '../floods/bystanders'
import type { FloodPlan } from '../floods/flood'
import { ACCOUNTS, KINDS, TOGETHER, type Kind } from '../floods/kinds'
import type { Call } from '../load/call'
import { free, placePostgres } from '../placement'
import { cpuSeconds } from '../processes/cpu'
import { watchMemory } from '../processes/memory'
import { runProgram } from '../processes/program'
import { digits, megabytes, milliseconds } from '../report/format'
import type { Scene } from '../scene/scene'
import { median } from '../statistics'
import { ONE_WORKER, sqlCall, startProxy } from '../targets/proxy'
import { list } from '../workloads'

const PROGRAM = fileURLToPath(new URL('../floods/flood.ts', import.meta.url))
const MOST_ROUNDS = 3
const MEMORY_EVERY_MS = 100
/** Before latencies count: the flood's program has to start. */
const START_SECONDS = 1.5
/** After the flood's start. By then one user has spent the burst of the CPU budget on one processor. */
const STEADY_SECONDS = 20
const GOAL = { ratio: 2, healthMs: 50, megabytes: 300 }
/** Each account has its own address, in a header that the proxy trusts from this machine. */
const ADDRESSES = { PROXY_TRUST_PROXY: '127.0.0.0/8,::1' }
/** An empty value is unset. */
const DEFAULT_LIMITS = {
  PROXY_RATE_LIMIT: '',
  PROXY_RATE_LIMIT_PER_ADDRESS: '',
  PROXY_USER_CPU_MS: '',
}

type Turn = {
  readonly quiet: Latencies
  /** At the beginning of the flood, while the CPU budget still grants a burst. */
  readonly burst: Latencies
  /** Once the burst is spent. */
  readonly flooded: Latencies
  readonly megabytes: number
  /** Seconds of processor time that the proxy used in each second of the flood. */
  readonly cpu: number
  /** How many answers of each status the flood got; 0 is none. */
  readonly answers: Readonly<Record<string, number>>
}

type Row = { readonly kind: Kind; readonly accounts: number; readonly turns: readonly Turn[] }

export const floods: Measurement = async (bench) => {
  const scene = await bench.scene()
  placePostgres(scene.postmaster, free())
  const kinds = chosen(bench.floods)
  const rows = kinds.flatMap((kind) =>
    [1, ACCOUNTS].map((accounts) => ({ kind, accounts, turns: [] as Turn[] })),
  )
  for (let round = 0; round < Math.min(MOST_ROUNDS, bench.pace.rounds); round++) {
    for (const { kind, accounts, turns } of rows) {
      const done = await turn(bench, scene, kind, accounts)
      const { quiet, burst, flooded } = done
      bench.say(
        `floods, round ${round + 1}: ${kind.name}, by ${accounts}: list p99 ${arrow([quiet.listP99, burst.listP99, flooded.listP99])}, healthz p99 ${milliseconds(flooded.healthP99)}, ${megabytes(done.megabytes)}`,
      )
      turns.push(done)
    }
  }
  return report(rows, bench)
}

function chosen(names: readonly string[]): readonly Kind[] {
  const unknown = names.find((name) => !KINDS.some((kind) => kind.name === name))
  if (unknown !== undefined) {
    const known = KINDS.map(({ name }) => name).join(', ')
    throw new UserError(`There is no flood “${unknown}”. The kinds are: ${known}.`)
  }
  return names.length === 0 ? KINDS : KINDS.filter(({ name }) => names.includes(name))
}

/** A new proxy for each, so that a flood's aftermath does not count against the next. */
async function turn(
  { pace, signal }: Bench,
  scene: Scene,
  kind: Kind,
  accounts: number,
): Promise<Turn> {
  const { url, pid, stop } = await startProxy(scene, [], signal, {
    ...ONE_WORKER,
    ...ADDRESSES,
    ...DEFAULT_LIMITS,
  })
  try {
    const others = scene.users.slice(ACCOUNTS).map((user, i) => callFrom(scene, user, 100 + i))
    await watchBystanders(url, others, pace.warmUpSeconds)
    const quiet = await watchBystanders(url, others, pace.seconds)
    const plan: FloodPlan = {
      url,
      kind: kind.name,
      accounts: scene.users.slice(0, accounts).map((user, i) => callFrom(scene, user, i).headers),
      perSecond: kind.perSecond * (accounts > 1 ? TOGETHER : 1),
      connections: kind.connections * (accounts > 1 ? TOGETHER : 1),
      seconds: STEADY_SECONDS + pace.seconds,
    }
    const command = [process.execPath, '--import', 'tsx', PROGRAM]
    const before = { cpu: cpuSeconds(pid), at: performance.now() }
    const flood = runProgram(command, signal, { input: JSON.stringify(plan) })
    const watch = (afterSeconds: number) =>
      wait(afterSeconds * 1000).then(() => watchBystanders(url, others, pace.seconds))
    const watched = Promise.all([watch(START_SECONDS), watch(STEADY_SECONDS)])
    const points = await watchMemory(pid, MEMORY_EVERY_MS, Promise.all([flood, watched]))
    const seconds = (performance.now() - before.at) / 1000
    const [burst, flooded] = await watched
    return {
      quiet,
      burst,
      flooded,
      megabytes: Math.max(...points.map(({ y }) => y)),
      cpu: (cpuSeconds(pid) - before.cpu) / seconds,
      answers: readAnswers(await flood),
    }
  } finally {
    await stop()
    await endStatements(scene)
  }
}

function callFrom(scene: Scene, user: Scene['users'][number], number: number): Call {
  const call = sqlCall(scene, user, list.sql(user))
  return { ...call, headers: { ...call.headers, 'x-forwarded-for': `198.51.100.${number}` } }
}

function readAnswers(output: string): Readonly<Record<string, number>> {
  return z.record(z.string(), z.int()).parse(JSON.parse(output))
}

/** Statements may outlive the proxy that has asked for them. */
async function endStatements({ owner }: Scene): Promise<void> {
  await owner.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'authenticator'`,
  )
}

function report(rows: readonly Row[], { pace }: Bench) {
  const found = rows.map(({ kind, accounts, turns }) => {
    const of = (value: (turn: Turn) => number) => median(turns.map(value))
    const phases = (value: (latencies: Latencies) => number) =>
      [
        of(({ quiet }) => value(quiet)),
        of(({ burst }) => value(burst)),
        of(({ flooded }) => value(flooded)),
      ] as const
    return {
      label: `${kind.name}, by ${accounts === 1 ? 'one user' : `${accounts} accounts`}`,
      p50: phases((one) => one.listP50),
      p99: phases((one) => one.listP99),
      ratio: of(({ quiet, flooded }) => flooded.listP99 / quiet.listP99),
      health: phases((one) => one.healthP99),
      failures: of(({ flooded }) => flooded.failures),
      megabytes: of((one) => one.megabytes),
      cpu: of(({ cpu }) => cpu),
      answers: answersOf(turns),
    }
  })
  type Found = (typeof found)[number]
  const goal = (
    what: string,
    wanted: string,
    value: (row: Found) => number,
    most: number,
    unit: string,
  ) => {
    const worst = [...found].sort((a, b) => value(b) - value(a))[0]
    const reached = found.filter((row) => value(row) < most).length
    return {
      what: `Floods: ${what}`,
      wanted,
      found: worst
        ? `${digits(value(worst))}${unit} at worst (${worst.label}); ${reached} of ${found.length} reach it`
        : '–',
      isReached: reached === found.length,
    }
  }
  return {
    title: 'Floods',
    method: [
      `Users who have no part in a flood ask for their list 50 times a second, and for \`/healthz\` as often, at a fixed rate: ${pace.seconds} s without a flood, ${pace.seconds} s at its beginning, and ${pace.seconds} s once it has lasted for ${STEADY_SECONDS} s, on a fresh proxy for each row. The ratio is of the last to the first. Flood, bystanders, proxy and Postgres share all cores of one machine. ${ACCOUNTS} accounts together send ${TOGETHER} times as much as one user. Each figure is the median of the rounds.`,
      ...KINDS.filter((kind) => rows.some((row) => row.kind === kind)).map(
        ({ name, what }) => `- \`${name}\`: ${what}`,
      ),
    ],
    tables: [
      {
        head: [
          'flood',
          'list p50',
          'list p99',
          'p99, times its value without',
          'healthz p99',
          'not answered with 200',
          'memory',
          'CPU of the proxy',
          'answers to the flood',
        ],
        rows: found.map((row) => [
          row.label,
          arrow(row.p50),
          arrow(row.p99),
          digits(row.ratio),
          arrow(row.health),
          String(row.failures),
          megabytes(row.megabytes),
          `${digits(row.cpu)} s/s`,
          row.answers,
        ]),
      },
    ],
    goals: [
      goal('p99 of others’ list', `< ${GOAL.ratio} ×`, ({ ratio }) => ratio, GOAL.ratio, ' ×'),
      goal(
        'p99 of healthz',
        `< ${GOAL.healthMs} ms`,
        ({ health }) => Math.max(...health),
        GOAL.healthMs,
        ' ms',
      ),
      goal(
        'memory of the proxy',
        `< ${GOAL.megabytes} MB`,
        (row) => row.megabytes,
        GOAL.megabytes,
        ' MB',
      ),
    ],
  }
}

function arrow(phases: readonly number[]): string {
  return phases.map(milliseconds).join(' → ')
}

/** Over all rounds. */
function answersOf(turns: readonly Turn[]): string {
  const sums = new Map<string, number>()
  for (const { answers } of turns) {
    for (const [status, count] of Object.entries(answers)) {
      sums.set(status, (sums.get(status) ?? 0) + count)
    }
  }
  return [...sums]
    .map(([status, count]) => `${count} × ${status === '0' ? 'none' : status}`)
    .join(', ')
}
