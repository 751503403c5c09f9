/** A real PostgreSQL without an installation, which ends with `stop`. */
import { once } from 'node:events'
import { closeSync, fchownSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, DatabaseError as PostgresError, escapeIdentifier } from 'pg'
import { DatabaseError } from '../../install/database-error'
import { chooseAccount } from './account'
import { findBinaries, type Binaries } from './binaries'
import { ensureCluster, replacePassword, SUPERUSER } from './cluster'
import { openDataDir, type DataDir } from './data-dir'
import { lastWords } from './last-words'
import { withMemoryLimit } from './memory-limit'
import { isReady, recordStarter, shutDown, stopLeftover } from './postmaster'
import { watchOver } from './watchdog'

export type PostgresOptions = {
  /** Created if it is not there; holds the cluster and Postgres' log. */
  dataDir: string
  port: number
  /** The superuser's. Another one than last time replaces it. */
  password: string
  /** Created if it is not there. */
  database: string
  /** Rejects with a better message than Postgres' own when the port is taken. */
  assertPortFree?: () => Promise<void>
  /** `false` for throwaway data: faster, lost in a power cut. */
  durable?: boolean
}

export type Postgres = {
  /** The superuser's connection string to the database. */
  url: string
  /** Resolves when Postgres is gone and everything is on disk. */
  stop: () => Promise<void>
}

const HOST = '127.0.0.1'

/** @throws DatabaseError that says what to do: a taken port, data of another version, … */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { port, password, database, durable = true } = options
  const account = chooseAccount(options.dataDir)
  const binaries = findBinaries(account)
  const dir = openDataDir(options.dataDir, account)
  stopLeftover(dir, binaries)
  await options.assertPortFree?.()
  ensureCluster(dir, binaries, { password, durable })

  const start = () => startServer(dir, binaries, { port, durable })
  const ensure = () => ensureDatabase(port, password, database)
  let stop = await start()
  try {
    if (!(await ensure())) {
      await stop()
      replacePassword(dir, binaries, password)
      stop = await start()
      await ensure()
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { url: urlOf(port, password, database), stop: finally_(stop, dir.close) }
}

type Stop = () => Promise<void>

async function startServer(
  dir: DataDir,
  binaries: Binaries,
  { port, durable }: { port: number; durable: boolean },
): Promise<Stop> {
  const logFile = join(dir.path, 'postgres.log')
  const log = openSync(logFile, 'w', 0o600)
  const settings = {
    port,
    listen_addresses: HOST,
    // A socket would need a directory that both we and Postgres' user can write to.
    unix_socket_directories: '',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  }
  const [program, ...args] = withMemoryLimit([
    binaries.postgres,
    ...['-D', join(dir.pathForPostgres, 'cluster')],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ])
  const server = dir.start(program, args, log)
  if (dir.account !== null) fchownSync(log, dir.account.uid, dir.account.gid)
  closeSync(log)
  recordStarter(dir)
  const exited = once(server, 'exit').catch(() => undefined)
  const hasExited = () => server.exitCode !== null || server.signalCode !== null
  while (server.pid !== undefined && !isReady(dir, server.pid)) {
    if (hasExited()) throw new DatabaseError(`Postgres did not start.${lastWords(logFile)}`)
    await wait(10)
  }
  if (server.pid === undefined) {
    await exited
    throw new DatabaseError(`Postgres could not be run: ${binaries.postgres}`)
  }
  server.unref()
  // SIGINT asks Postgres for a fast shutdown: clients are cut off, data are safe.
  const dismiss = watchOver({ pid: server.pid, signal: 'INT', account: dir.account })
  return async () => {
    dismiss()
    if (hasExited()) return
    server.ref()
    shutDown(dir, binaries)
    await exited
  }
}

/** @returns `false` when the server does not know this password. */
async function ensureDatabase(port: number, password: string, database: string): Promise<boolean> {
  const client = new Client({ connectionString: urlOf(port, password, 'postgres') })
  try {
    await client.connect()
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      database,
    ])
    if (rowCount === 0) await client.query(`create database ${escapeIdentifier(database)}`)
    return true
  } catch (error) {
    if (error instanceof PostgresError && error.code === '28P01') return false
    throw error
  } finally {
    await client.end()
  }
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`
}

/** Runs both in order, and only once however often it is called. */
function finally_(stop: Stop, close: () => void): Stop {
  let stopped: Promise<void> | null = null
  return () => (stopped ??= stop().finally(close))
}
