/** Loads targets by turns, round after round, and compares them within each round. */
import type { Round } from '../load/load'
import { placePostgres } from '../placement'
import { median, ratios, spread, type Spread } from '../statistics'
import { check, type Setting, type Target } from './target'

/** Starts a target; null where this machine has none, or it does not know the work. */
export type TargetStarter = (setting: Setting) => Promise<Target | null>

export type Measured = {
  readonly name: string
  readonly rounds: readonly Round[]
  readonly perSecond: Spread
}

/** Open sessions stay on their processor, so each target starts after Postgres has been placed. */
export async function inRounds(
  setting: Setting,
  starters: readonly TargetStarter[],
): Promise<readonly Measured[]> {
  const { scene, workload, pace } = setting
  placePostgres(scene.postmaster, setting.placement)
  const targets: Target[] = []
  try {
    for (const start of starters) {
      const target = await start(setting)
      if (target !== null) targets.push(target)
    }
    const rounds = targets.map((): Round[] => [])
    // The first round warms caches and compilers and does not count.
    for (let round = 0; round <= pace.rounds; round++) {
      for (const [i, target] of targets.entries()) {
        await workload.cleanUp(scene.owner)
        await check(target, setting)
        const result = await target.round(round === 0 ? pace.warmUpSeconds : pace.seconds)
        if (round > 0) rounds[i]?.push(result)
      }
    }
    return targets.map(({ name }, i) => measured(name, rounds[i] ?? []))
  } finally {
    for (const target of targets) await target.stop()
    await workload.cleanUp(scene.owner)
  }
}

export function ratioOf(over: Measured, under: Measured): Spread {
  return ratios(speeds(over.rounds), speeds(under.rounds))
}

/** Milliseconds: the median of the rounds. */
export function latencyOf({ rounds }: Measured, which: 'p50' | 'p99'): number {
  return median(rounds.map((round) => round[which]))
}

function measured(name: string, rounds: readonly Round[]): Measured {
  return { name, rounds, perSecond: spread(speeds(rounds)) }
}

function speeds(rounds: readonly Round[]): number[] {
  return rounds.map(({ perSecond }) => perSecond)
}
