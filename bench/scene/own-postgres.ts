/** A separate, migrated Postgres for one measurement, which can be stopped and started again. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../db/migrate'
import { startPostgres, type Postgres } from '../../proxy/test/postgres/embedded'
import { freePort } from '../../proxy/test/postgres/test-server'

export type OwnPostgres = {
  readonly authenticatorUrl: string
  readonly sessionKey: string
  readonly start: () => Promise<Postgres>
  readonly remove: () => Promise<void>
}

/** It is stopped when this resolves. */
export async function createPostgres(): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-postgres-'))
  const password = randomBytes(12).toString('hex')
  const port = await freePort()
  let running: Postgres | undefined
  const start = async () =>
    (running = await startPostgres({
      dataDir,
      port,
      password,
      database: 'todos',
      durable: false,
    }))

  const { url, stop } = await start()
  const login = new URL(url)
  login.username = 'authenticator'
  const sessionKey = randomBytes(32).toString('base64')
  await migrate({ databaseUrl: url, proxyDatabaseUrl: login.href, sessionKey })
  await stop()
  return {
    authenticatorUrl: login.href,
    sessionKey,
    start,
    remove: async () => {
      await running?.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
