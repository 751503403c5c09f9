/**
 * Makes the pictures of docs/screenshots, from the running app: each page on a phone and on a desktop, light
 * and dark, and each state that a page can be in.
 *
 * Usage: npm run screenshots
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser } from './browser'

const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
const { status } = spawnSync(process.execPath, [playwright, 'test', '--reporter=list'], {
  stdio: 'inherit',
  env: { ...process.env, CHROMIUM_PATH: ensureBrowser(), PICTURES: '1' },
})
process.exitCode = status ?? 1
