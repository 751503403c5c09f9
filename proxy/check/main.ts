/**
 * `npm run proxy:check`: reports whether the proxy's configuration and its database are safe.
 *
 *   npm run proxy:check                                exit status 1 when something is unsafe
 *   npm run proxy:check -- --accept public-functions   … but not because of this check
 *   npm run proxy:check -- --probe-memory              also tries to take 900 MB of the server's memory
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
  const { accepted, probesMemory } = readOptions(process.argv.slice(2))
  const outcomes = await runChecks(parseConfig(process.env), { probesMemory })
  const { lines, isSafe } = report(outcomes, accepted)
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = isSafe ? 0 : 1
}

type Options = { readonly accepted: ReadonlySet<string>; readonly probesMemory: boolean }

function readOptions(args: string[]): Options {
  const names = CHECKS.map(({ name }) => name)
  const usage = `The options are --probe-memory, and --accept with the name of a check: ${names.join(', ')}.`
  const { accept, 'probe-memory': probesMemory } = parse(args, usage)
  const unknown = accept.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new ConfigError([`There is no check “${unknown}”. ${usage}`])
  return { accepted: new Set(accept), probesMemory }
}

function parse(args: string[], usage: string) {
  try {
    return parseArgs({
      args,
      options: {
        accept: { type: 'string', multiple: true, default: [] },
        'probe-memory': { type: 'boolean', default: false },
      },
    }).values
  } catch {
    throw new ConfigError([usage])
  }
}

main().catch((error: unknown) => {
  const isOurs = error instanceof ConfigError
  process.stderr.write(`${isOurs ? error.message : 'The checks could not be run.'}\n`)
  process.exitCode = 2
})
