/** Runs the project's tools and test runners, and reads the runners' own reports. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { ensureBrowser } from './browser'
import { COMPAT } from './compat'
import { startSharedServers } from './postgres/testing/shared-servers'

export type Totals = { passed: number; failed: number; skipped: number; exitedClean: boolean }

/** Runs a program of node_modules; true when it exits with 0. */
export function runsClean(program: string, ...args: string[]): Promise<boolean> {
  return runNode([join('node_modules', program), ...args])
}

/**
 * Runs every `*.test.ts` below `folders` with Node's test runner, but those of a step of their own:
 * side by side, then one by one those that a busy machine would disturb.
 *
 * @param reports the reports' path, without an extension
 * @param quiet resolves when nothing else is at work
 */
export async function nodeTests(
  folders: string[],
  reports: string,
  quiet: Promise<unknown> = Promise.resolve(),
): Promise<Totals> {
  const files = folders.flatMap(testFilesIn)
  const alone = files.filter(runsAlone)
  const together = files.filter((file) => !alone.includes(file))
  // One more than processors, for many files wait for a timeout of the proxy or of Postgres.
  const lanes = availableParallelism() + 1
  const servers = await startSharedServers(lanes)
  try {
    const first = await runFiles(together, lanes, `${reports}.tap`, servers.variables)
    await quiet
    const second = await runFiles(alone, 1, `${reports}-alone.tap`, servers.variables)
    return sum(first, second)
  } finally {
    await servers.stop()
  }
}

/** A file says so, and why, in a line of its own. */
function runsAlone(file: string): boolean {
  return /^\/\/ Runs alone: \S/m.test(readFileSync(file, 'utf8'))
}

async function runFiles(
  files: string[],
  lanes: number,
  report: string,
  variables: Record<string, string>,
): Promise<Totals> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, exitedClean: true }
  const args = [
    ...['--import', 'tsx', '--test', `--test-concurrency=${lanes}`],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
  ]
  const exitedClean = await runNode([...args, ...files], variables)
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

const playwrightReport = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
})

/** Runs the browser tests with Playwright, against the production build. */
export async function browserTests(report: string): Promise<Totals> {
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
  const exitedClean = await runNode([playwright, 'test', '--reporter=list,json'], {
    CHROMIUM_PATH: ensureBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  })
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0, exitedClean: false }
  const { stats } = playwrightReport.parse(JSON.parse(readFileSync(report, 'utf8')))
  return {
    passed: stats.expected,
    // A test that passes only now and then has failed.
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    exitedClean,
  }
}

function testFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
    .sort()
    .map((file) => join(folder, file))
    .filter((file) => folder === COMPAT || !file.startsWith(`${COMPAT}${sep}`))
}

async function runNode(args: string[], variables: Record<string, string> = {}): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
  })
  await once(child, 'exit')
  return child.exitCode === 0
}
