/** A program started beside this one that is ready when `start` resolves, and gone after `stop`. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { lastWords } from '../proxy/test/postgres/last-words'
import { watchOver } from '../proxy/test/postgres/watchdog'
import { UserError } from './user-error'

export type Service = {
  /** Resolves when the program ends, for any reason. */
  ended: Promise<void>
  stop: () => Promise<void>
}

export type ServiceOptions = {
  /** Its name in messages, such as “The SQL proxy”. */
  name: string
  /** Arguments for this Node. */
  args: string[]
  env: NodeJS.ProcessEnv
  /** Where it runs; here by default. */
  cwd?: string
  /** Answers with a status below 500 once the program is ready. */
  readyUrl: string
  /** Where its output goes; `null` shows it on the terminal. */
  logFile: string | null
}

/** How long a program may take to get ready, and to finish what it has in flight. */
const READY_MS = 90_000
const STOP_MS = 15_000

/**
 * @param signal gives up waiting and stops the program.
 * @throws UserError with the program's last words when it ends before it is ready.
 */
export async function startService(options: ServiceOptions, signal: AbortSignal): Promise<Service> {
  const { name, logFile } = options
  const child = spawnNode(options)
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve()
    }),
  )
  child.once('error', () => undefined)
  if (child.pid === undefined) throw new UserError(`${name} could not be run: ${process.execPath}`)
  void ended.then(watchOver({ pid: -child.pid, signal: 'TERM' }))
  const stop = () => stopGroup(child, ended)
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const deadline = Date.now() + READY_MS
  while (!(await answers(options.readyUrl))) {
    if (hasEnded()) throw new UserError(`${name} did not start.${lastWords(logFile)}`)
    if (Date.now() > deadline) {
      await stop()
      throw new UserError(`${name} was not ready within ${READY_MS / 1000} s.${lastWords(logFile)}`)
    }
    if (signal.aborted) {
      await stop()
      signal.throwIfAborted()
    }
    await wait(50)
  }
  return { ended, stop }
}

function spawnNode({ args, env, cwd, logFile }: ServiceOptions): ChildProcess {
  if (logFile !== null) mkdirSync(dirname(logFile), { recursive: true })
  const output = logFile === null ? 'inherit' : openSync(logFile, 'w', 0o600)
  // A separate group: Ctrl-C reaches only this process, which stops everything in the right order.
  const child = spawn(process.execPath, args, {
    env,
    cwd,
    detached: true,
    stdio: ['ignore', output, output],
  })
  if (typeof output === 'number') closeSync(output)
  return child
}

async function stopGroup(child: ChildProcess, ended: Promise<void>) {
  signalGroup(child, 'SIGTERM')
  const timer = setTimeout(() => {
    signalGroup(child, 'SIGKILL')
  }, STOP_MS)
  await ended
  clearTimeout(timer)
  // A program may leave processes behind in its group.
  signalGroup(child, 'SIGKILL')
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    await response.body?.cancel()
    return response.status < 500
  } catch {
    return false
  }
}
