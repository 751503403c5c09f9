/** The proxy as a program of its own, started as `npm run proxy` does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

export const RUN = fileURLToPath(new URL('../../run.mjs', import.meta.url))

export type Program = {
  readonly child: ChildProcess
  /** Its exit status, once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** What it wrote to stderr so far. */
  readonly said: () => string
  /** What it wrote to stdout so far. */
  readonly logged: () => string
  /** Waits until stderr holds this, as often as told. */
  readonly says: (text: string | RegExp, times?: number) => Promise<void>
  /** Where it listens, without a path, once it does. */
  readonly url: () => Promise<string>
}

/**
 * In a folder where there is no .env.local, so that its variables are these alone.
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
