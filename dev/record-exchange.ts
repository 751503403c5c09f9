/**
 * Records what the landing page plays (app/home/exchange/exchange.json), from the running app.
 *
 * Usage: npm run record
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser } from './browser'

const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
const args = ['test', 'e2e/exchange.spec.ts', '--update-snapshots=all', '--reporter=list']
const { status } = spawnSync(process.execPath, [playwright, ...args], {
  stdio: 'inherit',
  env: { ...process.env, CHROMIUM_PATH: ensureBrowser() },
})
process.exitCode = status ?? 1
