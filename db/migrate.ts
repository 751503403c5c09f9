/**
 * Brings a database up to date: what the proxy installs, then the migrations, then row quotas, then the
 * secrets that the proxy and the database share.
 *
 *   npm run db:migrate                   with DATABASE_URL, PROXY_DATABASE_URL, PROXY_SESSION_KEY
 *   npm run db:migrate -- --retire-keys  ends the validity of all session keys but this one
 *
 * `drizzle-kit migrate` applies the same migrations from the same journal, where the proxy's part has been
 * installed (`npm run proxy:install`).
 */
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import { installCommand } from '../proxy/install/command'
import { install, type InstallOptions } from '../proxy/install/install'
import { runCommand } from './command'
import { installQuotas } from './install-quotas'
import * as schema from './schema'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** @throws DatabaseError with one sentence for a mistake in the options or on the server's side */
export function migrate(options: InstallOptions): Promise<void> {
  return install(options, async (client) => {
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS })
    await installQuotas(client, schema)
  })
}

await runCommand(import.meta.url, (line) => installCommand('db:migrate', migrate, line))
