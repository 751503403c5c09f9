/**
 * Ends a program when the program that started it is gone, for whatever reason: the starter's end of a
 * pipe closes even if it is killed with SIGKILL.
 */
import { spawn } from 'node:child_process'
import { Socket } from 'node:net'

export type Watched = {
  /** A process, or with a minus sign before it a process group, as in kill(2). */
  pid: number
  /** The signal that asks it to shut down cleanly. */
  signal: 'INT' | 'TERM'
  /** Who may signal it; `null` is the user who runs this program. */
  account?: { uid: number; gid: number } | null
}

/** @returns a function that ends the watch and leaves the program alone. */
export function watchOver({ pid, signal, account = null }: Watched): () => void {
  if (process.platform === 'win32') return () => undefined
  const script = `read -r dismissed || kill -s ${signal} -- "$0"`
  const watchdog = spawn('/bin/sh', ['-c', script, String(pid)], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watchdog.unref()
  watchdog.stdin.on('error', () => undefined)
  // A child's pipe is a socket, and an open socket would keep our own process alive.
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref()
  return () => watchdog.stdin.end('dismissed\n')
}
