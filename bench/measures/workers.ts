/** `workers`: what more processes of the proxy bring, where there are cores for them. */
import { availableParallelism } from 'node:os'
import type { Measurement } from '../bench'
import { free } from '../placement'
import { milliseconds, range, whole } from '../report/format'
import { proxyTarget } from '../targets/proxy'
import { inRounds, latencyOf, ratioOf } from '../targets/rounds'
import { list } from '../workloads'

const COUNTS = [1, 2, 4].filter((count) => count <= Math.max(2, availableParallelism() / 2))

export const workers: Measurement = async (bench) => {
  const { pace, signal } = bench
  const placement = free()
  bench.say(`workers: ${COUNTS.join(', ')}`)
  const starters = COUNTS.map(
    (count) => (setting: Parameters<typeof proxyTarget>[0]) =>
      proxyTarget(setting, `PROXY_WORKERS=${count}`, { PROXY_WORKERS: String(count) }),
  )
  const setting = { scene: await bench.scene(), workload: list, placement, pace, signal }
  const all = await inRounds(setting, starters)
  const [one] = all
  return {
    title: 'Workers',
    method: [`The list of 20 todos, ${placement.name}, by the number of the proxy’s processes.`],
    tables: [
      {
        head: ['', 'requests/s', 'p50', 'p99', 'times one'],
        rows: all.map((measured) => [
          measured.name,
          range(measured.perSecond, whole),
          milliseconds(latencyOf(measured, 'p50')),
          milliseconds(latencyOf(measured, 'p99')),
          one === undefined || one === measured ? '' : range(ratioOf(measured, one)),
        ]),
      },
    ],
    notes: [
      availableParallelism() <= 2
        ? 'This machine has two cores, and Postgres and the load generator need one of them: a second worker has none to itself, so near-linear growth cannot be shown here.'
        : 'Postgres and the load generator need cores, too: growth ends where they have none left.',
    ],
  }
}
