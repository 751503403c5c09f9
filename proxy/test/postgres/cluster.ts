/** Creates a cluster completely or not at all: an interrupted initialization is discarded. */
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseError } from '../../install/database-error'
import type { Binaries } from './binaries'
import type { DataDir } from './data-dir'

export const SUPERUSER = 'postgres'

export type ClusterOptions = {
  password: string
  /** `false` trades safety in a power cut for speed: for throwaway data only. */
  durable: boolean
}

/** Creates the cluster unless it is there. */
export function ensureCluster(dir: DataDir, binaries: Binaries, options: ClusterOptions) {
  const cluster = join(dir.path, 'cluster')
  if (existsSync(cluster)) {
    assertSameMajor(cluster, binaries.major)
    return
  }
  const unfinished = join(dir.path, 'cluster.new')
  rmSync(unfinished, { recursive: true, force: true })
  withPasswordFile(dir, options.password, (passwordFile) => {
    const { ok, output } = dir.run(binaries.initdb, [
      `--pgdata=${join(dir.pathForPostgres, 'cluster.new')}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      // The same sort order on every machine, whatever its locales are.
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['--set=timezone=UTC', '--set=log_timezone=UTC'],
      ...(options.durable ? [] : ['--no-sync']),
    ])
    if (!ok) throw new DatabaseError(`Postgres could not set up ${cluster}:\n${output.trim()}`)
  })
  renameSync(unfinished, cluster)
}

/** Sets a new password when the old one is lost: anyone who can write the files owns the data anyway. */
export function replacePassword(dir: DataDir, binaries: Binaries, password: string) {
  const literal = `'${password.replaceAll("'", "''")}'`
  dir.run(
    binaries.postgres,
    ['--single', '-D', join(dir.pathForPostgres, 'cluster'), 'postgres'],
    `alter role ${SUPERUSER} password ${literal}\n`,
  )
}

function assertSameMajor(cluster: string, major: number) {
  const found = readVersion(cluster)
  if (found === String(major)) return
  throw new DatabaseError(
    found === null
      ? `${cluster} is not a PostgreSQL data directory: move it away, then start again.`
      : `${cluster} was made by PostgreSQL ${found}, and this is PostgreSQL ${major}: start from ` +
          'an empty database (--reset), or move that folder away to keep it.',
  )
}

function readVersion(cluster: string): string | null {
  try {
    return readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  } catch {
    return null
  }
}

/** The file is readable by its owner only, in a directory that only its owner can enter. */
function withPasswordFile(dir: DataDir, password: string, run: (file: string) => void) {
  const file = join(dir.path, 'password')
  rmSync(file, { force: true })
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' })
  try {
    if (dir.account !== null) chownSync(file, dir.account.uid, dir.account.gid)
    run(join(dir.pathForPostgres, 'password'))
  } finally {
    rmSync(file, { force: true })
  }
}
