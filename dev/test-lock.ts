/** One run of the tests in a checkout at a time: a second one would delete the reports of the first. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from './user-error'

/**
 * Holds the lock until the process ends.
 * @throws UserError when a process that still runs holds it
 */
export function lockTests(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  if (!take(file)) {
    const holder = Number(readFileSync(file, 'utf8'))
    if (isAlive(holder)) {
      throw new UserError(
        `Tests already run in this folder (process ${holder}). Wait for them, or use another copy of the project.`,
      )
    }
    // Left behind by a process that was killed.
    rmSync(file, { force: true })
    if (!take(file)) throw new UserError('Another run of the tests has just started.')
  }
  process.once('exit', () => {
    rmSync(file, { force: true })
  })
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
