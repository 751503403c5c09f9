/** The checks' command line, for main.ts and for applications that add checks of their own. */
import { parseArgs } from 'node:util'
import { ConfigError, parseConfig } from '../src/config/config'
import { loadEnvFile } from '../src/config/env-file'
import { report } from './report'
import type { Outcome } from './check'
import { NAMES, runChecks } from './run'

/** A check added by an application. */
export type OwnCheck = { readonly name: string; readonly run: () => Promise<Outcome> }

/** Sets the exit status: 1 if something is unsafe, 2 if nothing was checked. */
export async function checkCommand(own: readonly OwnCheck[] = []): Promise<void> {
  loadEnvFile()
  try {
    const { accepted, probesMemory } = readOptions(process.argv.slice(2), own)
    const outcomes = await runChecks(parseConfig(process.env), { probesMemory })
    for (const check of own) outcomes.push(await check.run())
    const { lines, isSafe } = report(outcomes, accepted)
    process.stdout.write(`${lines.join('\n')}\n`)
    process.exitCode = isSafe ? 0 : 1
  } catch (error) {
    const isOurs = error instanceof ConfigError
    process.stderr.write(`${isOurs ? error.message : 'The checks could not be run.'}\n`)
    process.exitCode = 2
  }
}

type Options = { readonly accepted: ReadonlySet<string>; readonly probesMemory: boolean }

export function readOptions(args: string[], own: readonly OwnCheck[]): Options {
  const names = [...NAMES, ...own.map(({ name }) => name)]
  const usage = `The options are --probe-memory, and --accept with the name of a check, or with that and an object (rls:public.t): ${names.join(', ')}.`
  const { accept, 'probe-memory': probesMemory } = parse(args, usage)
  const unknown = accept.find((name) => !names.includes(name.split(':')[0] ?? ''))
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
