/** Makes a module of this folder runnable as a command. */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runCommand as run, type CommandLine } from '../proxy/install/command'

/** Runs `command` if Node was started with the module at `moduleUrl`. */
export async function runCommand(
  moduleUrl: string,
  command: (line: CommandLine) => Promise<void>,
): Promise<void> {
  const [, script] = process.argv
  if (script === undefined || fileURLToPath(moduleUrl) !== realpathSync(script)) return
  await run(command)
}
