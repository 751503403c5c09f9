/** A real PostgreSQL for a laptop: started without anything to install, and gone after `stop`. */
import { once } from 'node:events'
import { closeSync, fchownSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { assertPortFree } from '../ports'
import { lastWords } from '../service'
import { UserError } from '../user-error'
import { watchOver } from '../watchdog'
import { chooseAccount } from './account'
import { findBinaries, type Binaries } from './binaries'
import { withMemoryLimit } from './memory-limit'
import { ensureCluster, replacePassword, SUPERUSER } from './cluster'
import { openDataDir, type DataDir } from './data-dir'
import { isReady, recordStarter, shutDown, stopLeftover } from './postmaster'

export type PostgresOptions = {
  /** Created if it is not there; holds the cluster and Postgres' log. */
  dataDir: string
  port: number
  /** The superuser's. Another one than last time replaces it. */
  password: string
  /** `false` for throwaway data: faster, lost in a power cut. */
  durable?: boolean
}

export type Postgres = {
  /** The owner's connection string to the database `todos`, which is there. */
  url: string
  /** Resolves when Postgres is gone and everything is on disk. */
  stop: () => Promise<void>
}

const DATABASE = 'todos'
const HOST = '127.0.0.1'

/** @throws UserError that says what to do: a taken port, data of another version, … */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { port, password, durable = true } = options
  const account = chooseAccount(options.dataDir)
  const binaries = findBinaries(account)
  const dir = openDataDir(options.dataDir, account)
  stopLeftover(dir, binaries)
  await assertPortFree(port, 'Postgres', 'PGPORT')
  ensureCluster(dir, binaries, { password, durable })

  const start = () => startServer(dir, binaries, { port, durable })
  let stop = await start()
  try {
    if (!(await ensureDatabase(port, password))) {
      await stop()
      replacePassword(dir, binaries, password)
      stop = await start()
      await ensureDatabase(port, password)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { url: urlOf(port, password, DATABASE), stop: finally_(stop, dir.close) }
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
    if (hasExited()) throw new UserError(`Postgres did not start.${lastWords(logFile)}`)
    await wait(10)
  }
  if (server.pid === undefined) {
    await exited
    throw new UserError(`Postgres could not be run: ${binaries.postgres}`)
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
async function ensureDatabase(port: number, password: string): Promise<boolean> {
  const client = new Client({ connectionString: urlOf(port, password, 'postgres') })
  try {
    await client.connect()
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      DATABASE,
    ])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '28P01') return false
    throw error
  } finally {
    await client.end()
  }
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`
}

/** Runs both, the second one last, and only once however often it is asked for. */
function finally_(stop: Stop, close: () => void): Stop {
  let stopped: Promise<void> | null = null
  return () => (stopped ??= stop().finally(close))
}
