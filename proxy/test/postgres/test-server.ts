/** An empty throwaway PostgreSQL in a temporary folder. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './embedded'

export type TestServer = {
  /** The superuser's, to a database that a test may use as it likes. */
  url: string
  stop: () => Promise<void>
}

export async function startTestServer(): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'test-postgres-'))
  const postgres = await startPostgres({
    dataDir,
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    database: 'test',
    durable: false,
  })
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('No free port'))
      })
    })
  })
}
