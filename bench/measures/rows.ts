/** `rows`: a thousand rows through the proxy against `pg` itself, and the memory that big answers take. */
import { fileURLToPath } from 'node:url'
import type { Bench, Measurement } from '../bench'
import type { Call } from '../load/call'
import { load, type Round } from '../load/load'
import { readOutcome } from '../load/outcome'
import type { PgPlan } from '../load/pg-loop'
import { apart, placePostgres } from '../placement'
import { runProgram } from '../processes/program'
import type { Server } from '../processes/server'
import { digits, milliseconds, range, whole } from '../report/format'
import { ALL_COLUMNS, LIST } from '../scene/statements'
import { median, ratios, spread } from '../statistics'
import { sqlCall, startProxy } from '../targets/proxy'
import { memoryOfBigAnswers } from './big-answers'

const ROWS = 1_000
const CONNECTIONS = 8
/** About 9 MB: a little less than PROXY_MAX_ANSWER_BYTES lets through. */
const BIG = { rows: 15_000, taskLength: 500 }
const OF_DIRECT = 0.5
const PG_LOOP = fileURLToPath(new URL('../load/pg-loop.ts', import.meta.url))

export const rows: Measurement = async (bench) => {
  const scene = await bench.scene()
  const placement = apart()
  placePostgres(scene.postmaster, placement)
  const reader = await scene.addUser('user_of_many', ROWS)
  const bigReader = await scene.addUser('user_of_megabytes', BIG.rows, BIG.taskLength)
  await scene.owner.query('vacuum analyze todos')
  const proxy = await startProxy(scene, placement.target, bench.signal)
  try {
    const query = { query: ALL_COLUMNS, params: [] }
    const plan = {
      databaseUrl: scene.ownerUrl,
      sql: `${ALL_COLUMNS} where user_id = $1`,
      params: [reader.id],
      connections: CONNECTIONS,
      warmUpSeconds: bench.pace.warmUpSeconds,
    }
    const call = sqlCall(scene, reader, query)
    const rounds = await compareWithPg(bench, proxy, call, plan)
    const memory = await memoryOfBigAnswers(bench, scene, {
      small: sqlCall(scene, scene.users[0] ?? reader, { query: LIST, params: [] }),
      big: sqlCall(scene, bigReader, query),
    })
    return report(rounds, placement.name, memory)
  } finally {
    await proxy.stop()
    await scene.owner.query('delete from todos where user_id = any($1)', [
      [reader.id, bigReader.id],
    ])
    await scene.owner.query('vacuum todos')
  }
}

type Rounds = { readonly proxy: Round[]; readonly pg: Round[] }

async function compareWithPg(
  { pace, signal, say }: Bench,
  { url }: Server,
  call: Call,
  plan: Omit<PgPlan, 'seconds'>,
): Promise<Rounds> {
  say(`${whole(ROWS)} rows, through the proxy and with pg`)
  const { load: loadPrefix, target } = apart()
  const throughProxy = (seconds: number) =>
    load({ url, calls: [call], connections: CONNECTIONS, seconds, prefix: loadPrefix, signal })
  const withPg = async (duration: number): Promise<Round> => {
    const command = [...target, process.execPath, '--import', 'tsx', PG_LOOP]
    const input = JSON.stringify({ ...plan, seconds: duration })
    const outcome = readOutcome(await runProgram(command, signal, { input }))
    return { ...outcome, perSecond: outcome.requests / outcome.seconds }
  }
  await throughProxy(pace.warmUpSeconds)
  const rounds: Rounds = { proxy: [], pg: [] }
  for (let i = 0; i < pace.rounds; i++) {
    rounds.proxy.push(await throughProxy(pace.seconds))
    rounds.pg.push(await withPg(pace.seconds))
  }
  return rounds
}

function report(
  rounds: Rounds,
  placementName: string,
  memory: Awaited<ReturnType<typeof memoryOfBigAnswers>>,
) {
  const speeds = (of: keyof Rounds) => rounds[of].map(({ perSecond }) => perSecond)
  const latency = (of: keyof Rounds, which: 'p50' | 'p99') =>
    milliseconds(median(rounds[of].map((round) => round[which])))
  const ratio = ratios(speeds('proxy'), speeds('pg'))
  const cells = (of: keyof Rounds) => [
    range(spread(speeds(of))),
    latency(of, 'p50'),
    latency(of, 'p99'),
  ]
  return {
    title: 'Many rows',
    method: [
      `${whole(ROWS)} rows of 5 columns, ${CONNECTIONS} connections, ${placementName}: through the proxy with its policies, and read with \`pg\` (a pool of ${CONNECTIONS}) by the owner with an explicit WHERE.`,
    ],
    tables: [
      {
        head: ['', 'requests/s', 'p50', 'p99', 'of pg'],
        rows: [
          ['pg directly', ...cells('pg'), ''],
          ['the proxy', ...cells('proxy'), range(ratio)],
        ],
      },
      memory,
    ],
    charts: [
      {
        title: `${whole(ROWS)} rows of 5 columns, ${placementName}`,
        unit: 'requests/s',
        bars: [
          { label: 'pg directly', value: median(speeds('pg')) },
          { label: 'the proxy', value: median(speeds('proxy')), isOurs: true },
        ],
      },
    ],
    goals: [
      {
        what: `${whole(ROWS)} rows: share of pg`,
        wanted: `≥ ${OF_DIRECT}`,
        found: digits(ratio.median),
        isReached: ratio.median >= OF_DIRECT,
      },
    ],
  }
}
