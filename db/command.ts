/** Makes a module of this folder runnable as a command: errors are one sentence and exit code 1. */
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DatabaseError } from './database-error'

const ENV_FILE = '.env.local'

type Env = Readonly<Record<string, string | undefined>>
type Say = (line: string) => void

/** Runs `command` if Node was started with the module at `moduleUrl`. */
export async function runCommand(
  moduleUrl: string,
  command: (args: string[], env: Env, say: Say) => Promise<void>,
): Promise<void> {
  const [, script, ...args] = process.argv
  if (script === undefined || fileURLToPath(moduleUrl) !== realpathSync(script)) return
  if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE)
  try {
    await command(args, process.env, (line) => process.stdout.write(`${line}\n`))
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
