/** Runs test files with Node's test runner, on servers that they share, and counts what its report says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { startSharedServers } from '../postgres/shared-servers'
import type { Migrate } from '../postgres/throwaway-database'

export type Totals = { passed: number; failed: number; skipped: number; exitedClean: boolean }

/** A file that hangs fails, and says its name, before it costs the whole run. Node 22 and later bound only its tests. */
const FILE_TIMEOUT_MS = 5 * 60_000
/** Then the runner is ended, and names the files that still run. */
const RUN_TIMEOUT_MS = 20 * 60_000

export type TestRun = {
  files: readonly string[]
  /** The reports' path, without an extension. */
  reports: string
  /** Makes the tables of the databases that the files get. */
  migrate: Migrate
  /** Resolves when nothing else is at work. */
  quiet?: Promise<unknown>
}

/** Side by side, then one by one those that a busy machine would disturb. */
export async function runTestFiles({ files, reports, migrate, quiet }: TestRun): Promise<Totals> {
  const alone = files.filter(runsAlone)
  const together = files.filter((file) => !alone.includes(file))
  // One more than processors, for many files wait for a timeout of the proxy or of Postgres.
  const lanes = availableParallelism() + 1
  const servers = await startSharedServers(lanes, (databaseUrl) => migrate({ databaseUrl }))
  try {
    const first = await runFiles(together, lanes, `${reports}.tap`, servers.variables)
    if (alone.length === 0) return first
    await quiet
    return sum(first, await runFiles(alone, 1, `${reports}-alone.tap`, servers.variables))
  } finally {
    await servers.stop()
  }
}

/** Every `*.test.ts` below a folder, but for installed packages. */
export function testFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
    .sort()
    .map((file) => join(folder, file))
}

/**
 * Runs Node with these arguments; true when it exits with 0.
 *
 * @param timeout milliseconds after which it is ended with SIGTERM
 */
export async function runNode(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  timeout?: number,
): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
    timeout,
  })
  await once(child, 'exit')
  return child.exitCode === 0
}

/** A file says so, and why, in a line of its own. */
function runsAlone(file: string): boolean {
  return /^\/\/ Runs alone: \S/m.test(readFileSync(file, 'utf8'))
}

async function runFiles(
  files: readonly string[],
  lanes: number,
  report: string,
  variables: Readonly<Record<string, string>>,
): Promise<Totals> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, exitedClean: true }
  const isFull = process.env.TRIALS === 'full'
  const args = [
    ...['--import', 'tsx', '--test', `--test-concurrency=${lanes}`],
    ...(isFull ? [] : [`--test-timeout=${FILE_TIMEOUT_MS}`]),
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
  ]
  const timeout = isFull ? undefined : RUN_TIMEOUT_MS
  const exitedClean = await runNode([...args, ...files], variables, timeout)
  const tap = existsSync(report) ? readFileSync(report, 'utf8') : ''
  const count = (label: string) =>
    Number(new RegExp(`^# ${label} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0)
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
    exitedClean,
  }
}

const sum = (a: Totals, b: Totals): Totals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  exitedClean: a.exitedClean && b.exitedClean,
})
