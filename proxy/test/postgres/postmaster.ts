/** Knows which Postgres, if any, runs on a data directory, and shuts down one that was left behind. */
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseError } from '../../install/database-error'
import type { Binaries } from './binaries'
import type { DataDir } from './data-dir'

/** Line 8 of postmaster.pid says how far the start has come (PostgreSQL, `miscadmin.h`). */
const STATUS_LINE = 7

export function isReady(dir: DataDir, pid: number): boolean {
  const lines = readPidFile(dir)
  return Number(lines[0]) === pid && lines[STATUS_LINE]?.trim() === 'ready'
}

/** Remembers that this program is the one that started Postgres. */
export function recordStarter(dir: DataDir) {
  const file = join(dir.path, 'started-by')
  writeFileSync(file, `${process.pid}\n`)
  if (dir.account !== null) chownSync(file, dir.account.uid, dir.account.gid)
}

/**
 * Leaves nothing running on the data directory.
 * @throws DatabaseError when the program that started Postgres there is still at work.
 */
export function stopLeftover(dir: DataDir, binaries: Binaries) {
  const pid = Number(readPidFile(dir)[0])
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return
  if (!isPostmaster(dir, pid)) {
    // After a crash the number may belong to another program; Postgres would take it for itself.
    rmSync(join(dir.path, 'cluster', 'postmaster.pid'), { force: true })
    return
  }
  const starter = Number(read(join(dir.path, 'started-by')))
  if (starter !== process.pid && parentOf(pid) === starter) {
    throw new DatabaseError(
      `Postgres already runs on ${dir.path}, started by process ${starter} (in another ` +
        'terminal?): stop that one first.',
    )
  }
  shutDown(dir, binaries)
}

/** Cuts clients off, writes everything to disk, and returns when Postgres is gone. */
export function shutDown(dir: DataDir, binaries: Binaries) {
  const stop = (mode: string) =>
    dir.run(binaries.pgCtl, [
      ...['stop', '-D', join(dir.pathForPostgres, 'cluster')],
      ...['-m', mode, '--wait', '--timeout=30', '--silent'],
    ])
  if (stop('fast').ok || readPidFile(dir).length === 0) return
  // Safe as well: the next start replays the log.
  stop('immediate')
}

function readPidFile(dir: DataDir): string[] {
  const text = read(join(dir.path, 'cluster', 'postmaster.pid'))
  return text === '' ? [] : text.split('\n')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Postgres works in its data directory, so on Linux the kernel can tell for sure. */
function isPostmaster(dir: DataDir, pid: number): boolean {
  if (existsSync('/proc/self/cwd'))
    return readLink(`/proc/${pid}/cwd`) === join(dir.path, 'cluster')
  return process.platform === 'win32' || ps(pid, 'command').includes('postgres')
}

function parentOf(pid: number): number {
  const status = read(`/proc/${pid}/status`)
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? ps(pid, 'ppid'))
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function readLink(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
