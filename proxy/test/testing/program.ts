/** The proxy as a separate program, started like `npm run proxy`. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACKAGE } from './paths'

export const RUN = join(PACKAGE, 'run.mjs')

export type Program = {
  readonly child: ChildProcess
  /** Its exit status, once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** The output on stderr so far. */
  readonly said: () => string
  /** The output on stdout so far. */
  readonly logged: () => string
  /** Waits until stderr contains this, the given number of times. */
  readonly says: (text: string | RegExp, times?: number) => Promise<void>
  /** Resolves with its address, without a path, once it listens. */
  readonly url: () => Promise<string>
}

/**
 * Runs in a folder without .env.local, so that only these variables count.
 * @param run a file for Node, or a command with its arguments
 */
export function startProgram(
  env: Record<string, string>,
  run: string | readonly [string, ...string[]] = RUN,
  cwd = tmpdir(),
): Program {
  const [command, ...args] = typeof run === 'string' ? ([process.execPath, run] as const) : run
  const child = spawn(command, args, {
    cwd,
    env: { NODE_ENV: 'test', PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
    })
  }
  const ended = once(child, 'close').then(([status]) => status as number | null)
  const says = async (wanted: string | RegExp, times = 1) => {
    while (text.stderr.split(wanted).length <= times) {
      const hasEnded = await Promise.race([
        ended.then(() => true),
        once(child.stderr, 'data').then(() => false),
      ])
      if (hasEnded && text.stderr.split(wanted).length <= times) {
        throw new Error(`It ended without saying ${String(wanted)}: ${text.stderr}`)
      }
    }
  }
  return {
    child,
    ended,
    said: () => text.stderr,
    logged: () => text.stdout,
    says,
    url: async () => {
      await says('/sql\n')
      return /http:[^\s]+(?=\/sql\n)/.exec(text.stderr)?.[0] ?? ''
    },
  }
}
