/**
 * The directory that holds the cluster, under a name that Postgres can open.
 *
 * Postgres runs as another user than root does, and that user may not be let through to the
 * checkout (/root/project, say). The data stay in the checkout all the same, where `--reset`, a
 * move and a backup expect them: the directory itself belongs to Postgres' user, and is handed over
 * as an open file descriptor, which Linux lets a process enter without walking the path to it.
 */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process'
import { chownSync, closeSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { DatabaseError } from '../../install/database-error'
import type { Account } from './account'

/** The first descriptor after stdin, stdout and stderr. */
const DIRECTORY_FD = 3
const THROUGH_DESCRIPTOR = `/proc/self/fd/${DIRECTORY_FD}`

export type DataDir = {
  /** Where it is. */
  path: string
  /** Its path for programs that `run` and `start` start. */
  pathForPostgres: string
  account: Account
  /** Runs a program to its end; `input` becomes its stdin. */
  run: (program: string, args: string[], input?: string) => { ok: boolean; output: string }
  /** Starts a program in a session of its own, so that the terminal's Ctrl-C does not reach it. */
  start: (program: string, args: string[], log: number) => ChildProcess
  close: () => void
}

/** Creates the directory if it is not there. */
export function openDataDir(dir: string, account: Account): DataDir {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (account !== null) chownSync(dir, account.uid, account.gid)
  const path = realpathSync(dir)
  if (canEnter(path, account, null)) return dataDir(path, account, null)

  const fd = account === null ? null : openSync(path, 'r')
  if (canEnter(THROUGH_DESCRIPTOR, account, fd)) return dataDir(path, account, fd)
  throw new DatabaseError(
    account === null
      ? `${path} belongs to another user: run this as before, or remove that directory first.`
      : `The system user that runs Postgres cannot enter ${path}: move the project to where it can.`,
  )
}

function dataDir(path: string, account: Account, fd: number | null): DataDir {
  const options = { ...account, cwd: '/', env: plainEnvironment() }
  const stdio = (...three: ('ignore' | 'pipe' | number)[]): StdioOptions =>
    fd === null ? three : [...three, fd]
  return {
    path,
    pathForPostgres: fd === null ? path : THROUGH_DESCRIPTOR,
    account,
    run: (program, args, input = '') => {
      const result = spawnSync(program, args, {
        ...options,
        input,
        encoding: 'utf8',
        stdio: stdio('pipe', 'pipe', 'pipe'),
      })
      const output = result.error ? result.error.message : result.stdout + result.stderr
      return { ok: result.status === 0, output }
    },
    start: (program, args, log) =>
      spawn(program, args, { ...options, detached: true, stdio: stdio('ignore', log, log) }),
    close: () => {
      if (fd !== null) closeSync(fd)
    },
  }
}

function canEnter(path: string, account: Account, fd: number | null): boolean {
  if (process.platform === 'win32') return true
  const check = spawnSync('/bin/sh', ['-c', 'cd "$0" && test -r . && test -w .', path], {
    ...account,
    cwd: '/',
    stdio: fd === null ? 'ignore' : ['ignore', 'ignore', 'ignore', fd],
  })
  return check.status === 0
}

/** Postgres gets neither our secrets nor the user's PG* variables. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_ENV, PATH, SystemRoot } = process.env
  return { NODE_ENV, PATH, LC_ALL: 'C', ...(SystemRoot === undefined ? {} : { SystemRoot }) }
}
