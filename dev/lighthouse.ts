/**
 * Measures the pages of the running app with Lighthouse, as a phone on a slow network, and fails below the
 * project's goals. Blocking time is the machine's own: docs/lighthouse.md says what was measured where.
 *
 * Usage: npm run up, and beside it npm run lighthouse
 */
import { chromium } from '@playwright/test'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { ensureBrowser } from './browser'
import { readOrCreateEnvFile, resolveEnv } from './env'
import { UserError } from './user-error'

/** The last that runs on this project's Node. Not a dependency: its tree is larger than the app's. */
const LIGHTHOUSE = 'lighthouse@12.8.2'
const DEBUGGING_PORT = 9229
const PERFORMANCE = { '/': 95, '/sign-in': 90, '/server': 90, '/browser': 90, '/account': 90 }
const REST = ['accessibility', 'best-practices', 'seo'] as const

const report = z.object({
  categories: z.record(z.string(), z.object({ score: z.number() })),
  audits: z.record(z.string(), z.object({ displayValue: z.string().optional() })),
})

const env = resolveEnv(readOrCreateEnvFile('.env.local').variables, process.env)
const appUrl = `http://localhost:${env.ports.app}`
const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'))
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: ensureBrowser(),
  args: [
    `--remote-debugging-port=${DEBUGGING_PORT}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
})
try {
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${LIGHTHOUSE}`)
  let isGood = true
  for (const [path, goal] of Object.entries(PERFORMANCE)) {
    if (path === '/server') await signIn()
    isGood = (await measure(path, goal)) && isGood
  }
  if (!isGood) process.exitCode = 1
} catch (error) {
  console.error(error instanceof UserError ? error.message : error)
  process.exitCode = 1
} finally {
  await context.close()
  rmSync(folder, { recursive: true })
}

/** As the demo user: the cookies are the browser's, so that Lighthouse's tabs have them too. */
async function signIn() {
  const page = await context.newPage()
  await page.goto(appUrl)
  await page.getByRole('button', { name: 'Try it as Alice' }).click()
  await page.waitForURL(/\/(server|browser)$/)
  await page.close()
}

/**
 * Playwright lets each new tab of the browser start, so nothing here may block.
 *
 * @returns whether every goal is met
 */
async function measure(path: string, goal: number): Promise<boolean> {
  const file = join(folder, 'report.json')
  const args = [
    ...['--yes', LIGHTHOUSE, `${appUrl}${path}`, `--port=${DEBUGGING_PORT}`, '--quiet'],
    ...['--disable-storage-reset', '--output=json', `--output-path=${file}`],
  ]
  await promisify(execFile)('npx', args, { timeout: 180_000 }).catch((error: unknown) => {
    throw new UserError(`Lighthouse failed on ${path}:\n${String(error)}`)
  })
  const { categories, audits } = report.parse(JSON.parse(readFileSync(file, 'utf8')))
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100)
  const times = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift']
  const scores = ['performance', ...REST].map((name) => `${name} ${score(name)}`)
  const details = times.map((name) => `${name} ${audits[name]?.displayValue ?? '?'}`)
  console.log(`${path.padEnd(9)} ${scores.join(', ')} (${details.join(', ')})`)
  return score('performance') >= goal && REST.every((name) => score(name) === 100)
}
