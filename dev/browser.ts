/** Finds a Chromium for the browser tests, and installs one where there is none. */
import { chromium } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UserError } from './user-error'

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * One that is there: Playwright's own Chromium, or the system's. Else Playwright's is downloaded, or Debian's
 * package installed. A download that cannot succeed takes half a minute to fail.
 * @returns the executable's path.
 * @throws UserError when no browser can be had.
 */
export function ensureBrowser(): string {
  const ways = [findPlaywrights, findSystems, installPlaywrights, installDebians]
  const found = ways.reduce<string | null>((browser, find) => browser ?? find(), null)
  if (found !== null) return found
  throw new UserError(
    'The browser tests need Chromium, and none could be installed: install Chromium or Chrome so ' +
      'that it is on the PATH, or run `npx playwright install --with-deps chromium` where it can download.',
  )
}

function findPlaywrights(): string | null {
  const path = chromium.executablePath()
  return runs(path) ? path : null
}

function installPlaywrights(): string | null {
  if (process.env.PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD) return null
  console.log('Installing Playwright’s Chromium …')
  spawnSync(
    process.execPath,
    [join('node_modules', 'playwright', 'cli.js'), 'install', 'chromium'],
    {
      stdio: 'ignore',
      timeout: 5 * 60_000,
    },
  )
  return findPlaywrights()
}

function findSystems(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find(runs) ?? null
}

function installDebians(): string | null {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return null
  console.log('Installing Debian’s chromium package …')
  const quiet = { stdio: 'ignore', timeout: 10 * 60_000 } as const
  spawnSync('apt-get', ['update'], quiet)
  spawnSync(
    'apt-get',
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
    quiet,
  )
  return findSystems()
}

/** A downloaded browser may lack system libraries, so only one that runs is accepted. */
function runs(path: string): boolean {
  if (!existsSync(path)) return false
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
}
