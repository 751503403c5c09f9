/** One workload: the limit, the proxy and its peers, in every placement that this machine allows. */
import type { Bench } from '../bench'
import { placements, type Placement } from '../placement'
import { digits, milliseconds, range, whole } from '../report/format'
import type { Chart, Goal, Section } from '../report/section'
import { LIMIT, limitTarget } from '../targets/limit'
import { postgraphileTarget, USUAL, usualTarget } from '../targets/peers'
import { PROXY, proxyTarget } from '../targets/proxy'
import { inRounds, latencyOf, ratioOf, type Measured, type TargetStarter } from '../targets/rounds'
import { CONNECTIONS } from '../targets/target'
import { OTHERS, TODOS, USERS } from '../scene/scene'
import type { Workload } from '../workloads'

type Subject = {
  readonly title: string
  /** What one request does, as a sentence. */
  readonly what: string
  readonly workload: Workload
}

const proxy: TargetStarter = (setting) => proxyTarget(setting)

const OF_LIMIT = 0.6
const OF_USUAL = 6
const P99_OF_P50 = 5

export async function compare(bench: Bench, { title, what, workload }: Subject): Promise<Section> {
  const { pace, signal } = bench
  const scene = await bench.scene()
  const results: { placement: Placement; all: readonly Measured[] }[] = []
  for (const placement of placements()) {
    bench.say(`${title}, ${placement.name}`)
    const setting = { scene, workload, placement, pace, signal }
    const starters = [limitTarget, proxy, usualTarget, postgraphileTarget]
    results.push({ placement, all: await inRounds(setting, starters) })
  }
  return {
    title,
    method: [
      what,
      `${pace.rounds} rounds of ${pace.seconds} s by turns, ${CONNECTIONS} connections, ${USERS} users with ${TODOS} todos each among ${whole(OTHERS)} of others. Before each turn the answers were compared with what the owner reads.`,
      ...results.flatMap(({ placement }) => placement.note ?? []),
    ],
    tables: [
      {
        head: ['', 'target', 'requests/s', 'p50', 'p99', 'of the limit', 'times the usual way'],
        rows: results.flatMap(({ placement, all }) => all.map((one) => row(placement, one, all))),
      },
    ],
    notes: notes(results.flatMap(({ all }) => all)),
    charts: results.map(({ placement, all }) => chart(`${title}, ${placement.name}`, all)),
    goals: results.slice(0, 1).flatMap(({ all }) => goals(title, all)),
  }
}

function row({ name }: Placement, one: Measured, all: readonly Measured[]): string[] {
  const [limit, usual] = [find(all, LIMIT), find(all, USUAL)]
  return [
    name,
    one.name,
    range(one.perSecond, whole),
    milliseconds(latencyOf(one, 'p50')),
    milliseconds(latencyOf(one, 'p99')),
    limit === undefined || one === limit ? '' : range(ratioOf(one, limit)),
    usual === undefined || one === usual ? '' : range(ratioOf(one, usual)),
  ]
}

function goals(title: string, all: readonly Measured[]): Goal[] {
  const [limit, proxy, usual] = [find(all, LIMIT), find(all, PROXY), find(all, USUAL)]
  if (proxy === undefined) return []
  const atLeast = (what: string, other: Measured | undefined, wanted: number): Goal[] => {
    if (other === undefined) return []
    const found = ratioOf(proxy, other).median
    const isReached = found >= wanted
    return [{ what: `${title}: ${what}`, wanted: `≥ ${wanted}`, found: digits(found), isReached }]
  }
  const tail = latencyOf(proxy, 'p99') / latencyOf(proxy, 'p50')
  return [
    ...atLeast('share of the limit', limit, OF_LIMIT),
    ...atLeast('times the usual way', usual, OF_USUAL),
    {
      what: `${title}: p99 by p50`,
      wanted: `< ${P99_OF_P50}`,
      found: digits(tail),
      isReached: tail < P99_OF_P50,
    },
  ]
}

function notes(all: readonly Measured[]): string[] {
  const isMissing = (name: string) => find(all, name) === undefined
  return [
    ...(isMissing(LIMIT)
      ? ['Without the limit: it needs pgbench 14 or newer on the PATH (it comes with Postgres).']
      : []),
    ...(isMissing('PostGraphile') ? ['PostGraphile has no single request for this.'] : []),
  ]
}

function chart(title: string, all: readonly Measured[]): Chart {
  const bars = all.map(({ name, perSecond }) => ({
    label: name,
    value: perSecond.median,
    isOurs: name === PROXY,
  }))
  return { title, unit: 'requests/s', bars }
}

function find(all: readonly Measured[], name: string): Measured | undefined {
  return all.find((one) => one.name.startsWith(name))
}
