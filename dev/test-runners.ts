/** Runs the project's tools and test runners, and reads the runners' own reports. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { ensureBrowser } from './browser'
import { COMPAT } from './compat'

export type Totals = { passed: number; failed: number; skipped: number; exitedClean: boolean }

/** Runs a program of node_modules; true when it exits with 0. */
export function runsClean(program: string, ...args: string[]): boolean {
  return runNode([join('node_modules', program), ...args])
}

/** Runs every `*.test.ts` below `folders` with Node's test runner, but those of a step of their own. */
export function nodeTests(folders: string[], report: string): Totals {
  const exitedClean = runNode([
    ...['--import', 'tsx', '--test'],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
    ...folders.flatMap(testFilesIn),
  ])
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

const playwrightReport = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
})

/** Runs the browser tests with Playwright, against the production build. */
export function browserTests(report: string): Totals {
  const env = {
    ...process.env,
    CHROMIUM_PATH: ensureBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  }
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
  const exitedClean = runNode([playwright, 'test', '--reporter=list,json'], env)
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

function runNode(args: string[], env: NodeJS.ProcessEnv = process.env): boolean {
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status === 0
}
