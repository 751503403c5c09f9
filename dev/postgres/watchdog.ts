/**
 * Shuts Postgres down when the program that started it is gone, however it went: its end of the
 * pipe closes even when it is killed with SIGKILL.
 */
import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Account } from './account'

/** @returns a function that ends the watch and leaves Postgres alone. */
export function watchOver(postmaster: number, account: Account): () => void {
  if (process.platform === 'win32') return () => undefined
  // SIGINT asks Postgres for a fast shutdown: clients are cut off, data are safe.
  const script = 'read -r dismissed || kill -INT "$0"'
  const watchdog = spawn('/bin/sh', ['-c', script, String(postmaster)], {
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
