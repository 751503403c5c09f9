/** The command line of the installation, for this folder alone (main.ts) and for an application that adds its tables. */
import { existsSync } from 'node:fs'
import { DatabaseError } from './database-error'
import type { InstallOptions } from './install'

const ENV_FILE = '.env.local'

export type CommandLine = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (line: string) => void
}

/** Runs a command with `.env.local`: its mistakes are one sentence and exit code 1. */
export async function runCommand(command: (line: CommandLine) => Promise<void>): Promise<void> {
  if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE)
  try {
    await command({
      args: process.argv.slice(2),
      env: process.env,
      say: (line) => process.stdout.write(`${line}\n`),
    })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

/** @param name of the command, for the sentence about an option that it does not have */
export async function installCommand(
  name: string,
  install: (options: InstallOptions) => Promise<void>,
  { args, env, say }: CommandLine,
): Promise<void> {
  const unknown = args.find((arg) => arg !== '--retire-keys')
  if (unknown !== undefined) {
    throw new DatabaseError(`“${unknown}” is no option of ${name}: there is only --retire-keys.`)
  }
  const { DATABASE_URL, PROXY_DATABASE_URL, PROXY_SESSION_KEY } = env
  for (const [variable, value] of Object.entries({ PROXY_DATABASE_URL, PROXY_SESSION_KEY })) {
    if (!value) say(`${variable} is not set: the proxy cannot use this database before it is.`)
  }
  await install({
    databaseUrl: DATABASE_URL ?? '',
    proxyDatabaseUrl: PROXY_DATABASE_URL ?? '',
    sessionKey: PROXY_SESSION_KEY ?? '',
    retireKeys: args.includes('--retire-keys'),
    onNotice: say,
  })
  say('The database is up to date.')
}
