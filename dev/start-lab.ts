/**
 * The lab's own Postgres, beside the app's: empty at every start, on a port that only its service is told, and with
 * a password that nothing else has.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../proxy/test/postgres/embedded'
import { resetPostgres } from '../proxy/test/postgres/reset'
import { freePort } from '../proxy/test/postgres/test-server'
import type { StackOptions, Stop } from './stack-options'

/** A fork may have deleted it. */
export const LAB = join('app', 'lab', 'service', 'main.ts')

export function hasLab({ env }: Pick<StackOptions, 'env'>): boolean {
  return env.variables.LAB === 'on' && existsSync(LAB)
}

/** @returns the superuser's connection string */
export async function startLabDatabase(
  { dataDir }: Pick<StackOptions, 'dataDir'>,
  stops: Stop[],
): Promise<string> {
  const clusterDir = join(dataDir, 'lab')
  await resetPostgres(clusterDir)
  const postgres = await startPostgres({
    dataDir: clusterDir,
    port: await freePort(),
    password: randomBytes(18).toString('base64url'),
    database: 'lab',
    durable: false,
  })
  stops.push(() => postgres.stop())
  return postgres.url
}
