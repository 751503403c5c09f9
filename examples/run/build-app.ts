/** Builds an example's app with its framework's own tool, and only when something that goes into the build has changed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../dev/user-error'
import type { Variables } from './example'
import { EXAMPLES, type Found } from './find-examples'

export type BuildOptions = {
  readonly found: Found
  /** A build bakes some of them in. */
  readonly variables: Variables
  /** Remembers what the build was made from. */
  readonly stamp: string
  readonly signal: AbortSignal
}

export function buildIsCurrent({ found, variables, stamp }: BuildOptions): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(found, variables)
}

/** @throws UserError with the end of the build's output when it fails */
export async function buildApp(options: BuildOptions): Promise<void> {
  const { found, variables, stamp } = options
  for (const args of found.example.app.build ?? []) await run(args, options)
  writeFileSync(stamp, fingerprint(found, variables))
}

async function run(args: readonly string[], { found, variables, signal }: BuildOptions) {
  const child = spawn(process.execPath, args, {
    cwd: found.folder,
    env: { ...process.env, ...variables, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const stop = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
  signal.addEventListener('abort', stop)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  const status = await new Promise((resolve) => child.once('close', resolve))
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  if (status !== 0) {
    const end = output.trimEnd().split('\n').slice(-40).join('\n')
    throw new UserError(`The build of ${found.name} failed:\n${end}`)
  }
}

function fingerprint({ folder, example }: Found, variables: Variables): string {
  const hash = createHash('sha256')
  const places = [folder, join(EXAMPLES, 'todos'), ...(example.app.sources ?? [])]
  for (const file of places.flatMap(sourcesIn)) {
    hash.update(`\0${file}\0`).update(readFileSync(file))
  }
  return hash.update(JSON.stringify(Object.entries(variables).sort())).digest('hex')
}

/** What builds write begins with a dot, or is named so. */
function sourcesIn(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder]
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^(\..*|node_modules|build|dist|next-env\.d\.ts)$/.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? sourcesIn(path) : [path]
    })
    .sort()
}
