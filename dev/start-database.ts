/** Makes the database ready: embedded or the user's own, migrated, and with the demo users' todos. */
import { join } from 'node:path'
import { isLive, migrate } from '../db/migrate'
import { seed } from '../db/seed'
import { startPostgres } from '../proxy/test/postgres/embedded'
import { resetPostgres } from '../proxy/test/postgres/reset'
import type { StackEnv } from './env'
import { assertPortFree } from './ports'
import type { StackOptions, Stop } from './stack-options'
import { step } from './steps'
import { UserError } from './user-error'

/** @throws UserError or DatabaseError with one sentence about what is wrong */
export async function startDatabase({ env, dataDir, reset }: StackOptions, stops: Stop[]) {
  const { variables } = env
  if (env.embeddedPostgres) await startEmbedded(env, dataDir, reset, stops)
  else if (reset) {
    throw new UserError(
      '--reset empties only the embedded database, and DATABASE_URL names a server of your own: ' +
        'empty that one yourself.',
    )
  }
  await step(
    'Migrating the database',
    () =>
      migrate({
        databaseUrl: variables.DATABASE_URL ?? '',
        proxyDatabaseUrl: variables.PROXY_DATABASE_URL ?? '',
        sessionKey: variables.PROXY_SESSION_KEY ?? '',
        providers: variables.PROXY_JWT_PROVIDERS ?? '',
        live: isLive(variables.PROXY_LIVE),
        eraserDatabaseUrl: variables.ERASER_DATABASE_URL,
        onNotice: (notice) => {
          console.log(`  Notice: ${notice}`)
        },
      }),
    () => 'Database migrated',
  )
  if (!env.localClerk) return
  await step(
    'Seeding',
    () => seed(variables.DATABASE_URL ?? ''),
    () => 'Demo todos are there',
  )
}

async function startEmbedded(env: StackEnv, dataDir: string, reset: boolean, stops: Stop[]) {
  const clusterDir = join(dataDir, 'postgres')
  const port = env.ports.postgres
  const password = decodeURIComponent(new URL(env.variables.DATABASE_URL ?? '').password)
  if (reset) {
    await step(
      'Emptying the database',
      () => resetPostgres(clusterDir),
      () => 'Database emptied',
    )
  }
  const postgres = await step(
    'Starting Postgres',
    () =>
      startPostgres({
        dataDir: clusterDir,
        port,
        password,
        database: 'todos',
        assertPortFree: () => assertPortFree(port, 'Postgres', 'PGPORT'),
      }),
    () => `Postgres is ready on localhost:${port}`,
  )
  stops.push(() => postgres.stop())
}
