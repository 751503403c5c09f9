/**
 * `npm run proxy:check`: reports whether the proxy's configuration and its database are safe.
 *
 *   npm run proxy:check                                exit status 1 when something is unsafe
 *   npm run proxy:check -- --accept public-functions   … but not because of this check
 *
 * Exit status 2: the configuration cannot be read, so nothing was checked.
 */
import { parseArgs } from 'node:util'
import { config as loadEnv } from 'dotenv'
import { ConfigError, parseConfig } from '../config'
import { report } from './report'
import { CHECKS, runChecks } from './run'

loadEnv({ path: '.env.local', quiet: true })

async function main(): Promise<void> {
  const accepted = readAccepted(process.argv.slice(2))
  const { lines, isSafe } = report(await runChecks(parseConfig(process.env)), accepted)
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = isSafe ? 0 : 1
}

function readAccepted(args: string[]): ReadonlySet<string> {
  const names = CHECKS.map(({ name }) => name)
  const usage = `The one option is --accept with the name of a check: ${names.join(', ')}.`
  let accept: string[]
  try {
    accept =
      parseArgs({ args, options: { accept: { type: 'string', multiple: true } } }).values.accept ??
      []
  } catch {
    throw new ConfigError([usage])
  }
  const unknown = accept.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new ConfigError([`There is no check “${unknown}”. ${usage}`])
  return new Set(accept)
}

main().catch((error: unknown) => {
  const isOurs = error instanceof ConfigError
  process.stderr.write(`${isOurs ? error.message : 'The checks could not be run.'}\n`)
  process.exitCode = 2
})
