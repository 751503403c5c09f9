/** A server in a separate process, on the given processors, which ends with `stop`. */
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { watchOver } from '../../proxy/test/postgres/watchdog'

export type Server = {
  /** Without a path. */
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

export type ServerOptions = {
  readonly name: string
  /** A command in front of Node, such as taskset. */
  readonly prefix: readonly string[]
  /** Arguments for this Node. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const STOP_MS = 15_000

/**
 * Resolves when the server has printed its address on stderr. Its stdout is discarded: writing a
 * log is part of its work, reading it is not.
 * @throws Error with its last words when it ends before that
 */
export async function startServer(options: ServerOptions, signal: AbortSignal): Promise<Server> {
  const { name, prefix, args, env } = options
  const [program = process.execPath, ...rest] = [...prefix, process.execPath, ...args]
  const child = spawn(program, rest, {
    // Without this process' variables and without .env.local: PROXY_… or PG… would change the measurement.
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.once('error', () => {
      resolve()
    })
  })
  const url = await readUrl(name, child, ended)
  const pid = child.pid ?? 0
  void ended.then(watchOver({ pid, signal: 'TERM' }))
  return {
    url,
    pid,
    stop: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

function readUrl(name: string, child: ChildProcess, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4_000)
      const url = /http:\/\/[^\s/]+/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    })
    void ended.then(() => {
      reject(new Error(`${name} did not start: ${said.trim()}`))
    })
  })
}
