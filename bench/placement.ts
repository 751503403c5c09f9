/** Which processor each process runs on, so that a target does not compete with its load generator. */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

export type Placement = {
  readonly name: string
  /** What the name means, as a sentence. */
  readonly note?: string
  /** The prefix that makes a command run there. */
  readonly target: readonly string[]
  readonly load: readonly string[]
  /** The processors of Postgres, in taskset's notation; null does not restrict it. */
  readonly postgres: string | null
}

const FREE: Placement = { name: 'all cores free', target: [], load: [], postgres: null }

/** The target has core 0 for itself; Postgres and the load generator share core 1. */
const APART: Placement = {
  name: 'one core each',
  note: '“One core each”: the target on core 0, Postgres and the load on core 1.',
  target: ['taskset', '-c', '0'],
  load: ['taskset', '-c', '1'],
  postgres: '1',
}

export const free = (): Placement =>
  canPin() ? { ...FREE, postgres: `0-${availableParallelism() - 1}` } : FREE

/** Those that this machine allows, the strictest first. */
export function placements(): readonly Placement[] {
  return canPin() && availableParallelism() >= 2 ? [APART, free()] : [free()]
}

/** The strictest that this machine allows. */
export function apart(): Placement {
  return placements()[0] ?? FREE
}

/** Applies to sessions that Postgres opens from now on, because its children inherit it. */
export function placePostgres(postmaster: number, { postgres }: Placement): void {
  if (postgres === null) return
  spawnSync('taskset', ['-a', '-p', '-c', postgres, String(postmaster)], { stdio: 'ignore' })
}

function canPin(): boolean {
  return spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0
}
