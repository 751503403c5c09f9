/** Runs the project's tools and test runners, and reads the runners' own reports. */
import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { migrate } from '../db/migrate'
import { installFixture } from '../proxy/test/testing/fixture'
import { runNode, runTestFiles, testFilesIn, type Totals } from '../proxy/test/testing/test-files'
import { ensureBrowser } from './browser'

export type { Totals }

/** Tests of clients that are no dependencies of the project; a step of its own. */
export const COMPAT = join('proxy', 'test', 'compat')

/** Runs a program of node_modules; true when it exits with 0. */
export function runsClean(program: string, ...args: string[]): Promise<boolean> {
  return runNode([join('node_modules', program), ...args])
}

/**
 * Runs every `*.test.ts` below `folders`, but those of a step of their own. Those of the proxy get its
 * tests' own table, all others the app's.
 *
 * @param reports the reports' path, without an extension
 * @param quiet resolves when nothing else is at work
 */
export function nodeTests(
  folders: string[],
  reports: string,
  quiet: Promise<unknown>,
): Promise<Totals> {
  const files = folders.flatMap((folder) =>
    testFilesIn(folder).filter((file) => folder === COMPAT || !file.startsWith(`${COMPAT}${sep}`)),
  )
  // Examples make a table of their own.
  const isApart = folders.every((folder) => /^(proxy|examples)/.test(folder))
  return runTestFiles({ files, reports, quiet, migrate: isApart ? installFixture : migrate })
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
export async function browserTests(report: string): Promise<Totals> {
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
  const exitedClean = await runNode([playwright, 'test', '--reporter=list,json'], {
    CHROMIUM_PATH: ensureBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  })
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0, exitedClean: false }
  const { stats } = playwrightReport.parse(JSON.parse(readFileSync(report, 'utf8')))
  return {
    // The runner lists flaky ones by name at its end.
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    exitedClean,
  }
}
