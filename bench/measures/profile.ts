/** `profile`: where the proxy's time goes while it answers the list at full load. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Bench, Measurement } from '../bench'
import { load } from '../load/load'
import { apart, placePostgres } from '../placement'
import { partOf } from '../profile/parts'
import { readProfile, type Profile } from '../profile/self-times'
import { digits, whole } from '../report/format'
import { PROXY_ARGS, sqlCall, startProxy } from '../targets/proxy'
import { CONNECTIONS } from '../targets/target'
import { list } from '../workloads'

const BUNDLES = join('.data', 'proxy')
const FUNCTIONS = 15

export const profile: Measurement = async (bench) => {
  bench.say('profile of the proxy')
  const { busyShare, selfTimes, perSecond } = await profileList(bench)
  /** Microseconds of processor time for each request. */
  const cost = (share: number) => `${digits((share * busyShare * 1e6) / perSecond)} µs`
  const percent = (share: number) => `${digits(100 * share)} %`
  const parts = new Map<string, number>()
  for (const { source, share } of selfTimes) {
    const part = partOf(source)
    parts.set(part, (parts.get(part) ?? 0) + share)
  }
  return {
    title: 'Where the proxy’s time goes',
    method: [
      `A CPU profile of the list at full load (${CONNECTIONS} connections, ${apart().name}), in which the proxy answered ${whole(perSecond)} requests/s and was busy for ${percent(busyShare)} of the time. A function’s own time, without what it calls; profiling takes some time itself.`,
    ],
    tables: [
      {
        head: ['part', 'share', 'each request'],
        rows: [...parts]
          .sort(([, a], [, b]) => b - a)
          .map(([part, share]) => [part, percent(share), cost(share)]),
      },
      {
        head: [`the ${FUNCTIONS} longest functions`, 'of', 'share', 'each request'],
        rows: selfTimes
          .slice(0, FUNCTIONS)
          .map(({ functionName, source, share }) => [
            `\`${functionName}\``,
            source,
            percent(share),
            cost(share),
          ]),
      },
    ],
  }
}

async function profileList({
  pace,
  signal,
  scene,
}: Bench): Promise<Profile & { perSecond: number }> {
  const current = await scene()
  const placement = apart()
  placePostgres(current.postmaster, placement)
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'))
  const args = ['--cpu-prof', `--cpu-prof-dir=${folder}`, ...PROXY_ARGS]
  try {
    const { url, stop } = await startProxy(current, placement.target, signal, {}, args)
    const calls = current.users.map((user) => sqlCall(current, user, list.sql(user)))
    const work = { url, calls, connections: CONNECTIONS, prefix: placement.load, signal }
    const loads = async () => {
      await load({ ...work, seconds: pace.warmUpSeconds })
      return load({ ...work, seconds: pace.seconds })
    }
    // V8 writes the profile when the process ends.
    const { perSecond } = await loads().finally(stop)
    const [file = ''] = readdirSync(folder)
    return {
      ...readProfile(readFileSync(join(folder, file), 'utf8'), readBundle(), pace.seconds),
      perSecond,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The bundle that the proxy ran from; see proxy/bundle.mjs. */
function readBundle(): string {
  const { name } = z
    .object({ name: z.string() })
    .parse(JSON.parse(readFileSync(join(BUNDLES, 'bundle.json'), 'utf8')))
  return readFileSync(join(BUNDLES, name), 'utf8')
}
