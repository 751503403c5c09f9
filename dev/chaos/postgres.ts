/** A separate Postgres for the trials, which can be stopped, killed and restarted with its data. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startPostgres } from '../../proxy/test/postgres/embedded'
import { freePort } from '../../proxy/test/postgres/test-server'

export type MortalPostgres = {
  readonly url: string
  /** SIGINT to the postmaster is a fast shutdown. Started again once its backends are gone. */
  readonly endAndStart: (signal: 'SIGINT' | 'SIGKILL') => Promise<void>
  readonly stop: () => Promise<void>
}

/** How long backends take to notice that their postmaster is gone. */
const ORPHANS_MS = 10_000

/** Durable, because acknowledged writes must survive. */
export async function startMortalPostgres(): Promise<MortalPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chaos-postgres-'))
  const options = { dataDir, port: await freePort(), password: 'chaos', database: 'todos' }
  let postgres = await startPostgres(options)
  return {
    url: postgres.url,
    endAndStart: async (signal) => {
      await end(postmasterOf(dataDir), signal)
      // Releases what belonged to the ended server.
      await postgres.stop()
      postgres = await startOnceFree(options)
    },
    stop: async () => {
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function postmasterOf(dataDir: string): number {
  const [pid] = readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')
  return Number(pid)
}

/** Without pg_ctl, which would block the proxy, too: it runs in this process. */
async function end(pid: number, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  process.kill(pid, signal)
  while (isAlive(pid)) await wait(10)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Postgres refuses to start while a backend of its predecessor is attached to the shared memory. */
async function startOnceFree(options: Parameters<typeof startPostgres>[0]) {
  const start = performance.now()
  for (;;) {
    try {
      return await startPostgres(options)
    } catch (error) {
      if (performance.now() - start > ORPHANS_MS) throw error
      await wait(50)
    }
  }
}
