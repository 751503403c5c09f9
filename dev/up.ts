/**
 * Brings up everything that the app needs on this machine, the app last, and takes it all down
 * again in the reverse order on Ctrl-C or SIGTERM.
 *
 * Options: --watch (Next's dev server), --reset (start from an empty database), --test (a second
 * stack beside the first, with ports, data and a build of its own, for the browser tests).
 */
import { mkdirSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { portsOf, readOrCreateEnvFile, resolveEnv } from './env'
import { startStack } from './stack'
import type { StackOptions } from './stack-options'
import { stopSignal } from './stop-signal'
import { shown, UserError } from './user-error'

const TEST_PORTS = {
  ...{ app: 3100, proxy: 4544, clerk: 4545, lab: 4546 },
  ...{ postgres: 54429, sessions: 54430 },
}

const stop = stopSignal()

try {
  const options = readOptions(process.argv.slice(2))
  await startStack(options, stop)
} catch (error) {
  if (!stop.aborted) {
    console.error('')
    console.error(shown(error))
    process.exitCode = 1
  }
}
// A stand-in's idle sockets must not keep a stopped stack on the screen.
process.exit()

function readOptions(args: string[]): StackOptions {
  const { watch, reset, test } = parseOptions(args)
  if (test) {
    const dataDir = '.data/test'
    rmSync(dataDir, { recursive: true, force: true })
    mkdirSync(dataDir, { recursive: true })
    return {
      // In a file of its own, from which the browser tests take the addresses and Clerk's key.
      env: resolveEnv(readOrCreateEnvFile(`${dataDir}/env`, TEST_PORTS).variables, {}),
      dataDir,
      distDir: '.next-test',
      watch: false,
      reset: true,
    }
  }
  // Given ports go into a new file, or later commands would address another stack's database.
  const { variables, created } = readOrCreateEnvFile('.env.local', portsOf(process.env))
  if (created) console.log('✔ Wrote .env.local with new secrets')
  return {
    env: resolveEnv(variables, process.env),
    dataDir: '.data',
    distDir: '.next',
    watch,
    reset,
  }
}

function parseOptions(args: string[]) {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ args, options: { watch: flag, reset: flag, test: flag } }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('.')[0] : ''
    throw new UserError(`${reason ?? ''}. The one option is --reset: npm run up -- --reset`)
  }
}
