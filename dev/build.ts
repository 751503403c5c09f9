/** Builds the app with `next build`, and only when something that goes into the build has changed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Variables } from './local-variables'
import { UserError } from './user-error'

export const NEXT = join('node_modules', 'next', 'dist', 'bin', 'next')

const SOURCES = [
  'app',
  'db',
  'lib',
  'pages',
  'public',
  'proxy.ts',
  'next.config.js',
  'postcss.config.js',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]

/** The file in the build's folder that remembers what it was built from. */
const STAMP = 'built-from'

export function buildIsCurrent(distDir: string, variables: Variables): boolean {
  const stamp = join(distDir, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(variables)
}

/**
 * @param signal stops the build.
 * @throws UserError with the end of the build's output when it fails.
 */
export async function build(distDir: string, variables: Variables, signal: AbortSignal) {
  const child = spawn(process.execPath, [NEXT, 'build'], {
    env: {
      ...process.env,
      ...variables,
      NODE_ENV: 'production',
      NEXT_DIST_DIR: distDir,
      NEXT_TELEMETRY_DISABLED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const stop = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
  signal.addEventListener('abort', stop)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const status = await new Promise((resolve) => child.once('close', resolve))
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  if (status !== 0) {
    throw new UserError(`The build failed:\n${output.trimEnd().split('\n').slice(-40).join('\n')}`)
  }
  recordBuild(distDir, variables)
}

/** Remembers in the build's folder what the build was made from. */
export function recordBuild(distDir: string, variables: Variables) {
  writeFileSync(join(distDir, STAMP), fingerprint(variables))
}

/** A hash over the sources and over the variables that a build bakes in. */
function fingerprint(variables: Variables): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesIn(source)) hash.update(`\0${file}\0`).update(readFileSync(file))
  }
  const baked = Object.entries(variables).filter(
    ([name]) => name.startsWith('NEXT_PUBLIC_') || name === 'CLERK_API_URL',
  )
  return hash.update(JSON.stringify(baked.sort())).digest('hex')
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((entry) => filesIn(join(path, entry)))
}
