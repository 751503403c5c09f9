/**
 * Brings a database up to date: what the proxy installs, then the migrations, row quotas, what makes rows live,
 * moderators where PROXY_JWT_PROVIDERS permits them, and the deletion of users, then the secrets that the proxy and the
 * database share.
 *
 *   npm run db:migrate                   with DATABASE_URL, PROXY_DATABASE_URL, PROXY_SESSION_KEY,
 *                                        and ERASER_DATABASE_URL where users may delete their accounts,
 *                                        PROXY_LIVE=on where there are live queries
 *   npm run db:migrate -- --retire-keys  ends the validity of all session keys but this one
 *
 * `drizzle-kit migrate` applies the same migrations from the same journal, where the proxy's part has been
 * installed (`npm run proxy:install`).
 */
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import type { Client } from 'pg'
import { installCommand } from '../proxy/install/command'
import { install, type InstallOptions } from '../proxy/install/install'
import { onOff, providers } from '../proxy/src/config/values'
import { runCommand } from './command'
import { installErasure } from './install-erasure'
import { installLiveRows } from './install-live-rows'
import { installQuotas } from './install-quotas'
import * as schema from './schema'
import { moderator } from './schema/roles'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

export type MigrateOptions = InstallOptions & {
  /** PROXY_JWT_PROVIDERS */
  providers?: string
  /** PROXY_LIVE: without live queries, writes need not pay for telling of changed rows. */
  live?: boolean
  /** How the app logs in to delete what a deleted user has left. */
  eraserDatabaseUrl?: string | undefined
}

/** @throws DatabaseError with one sentence for a mistake in the options or on the server's side */
export function migrate(options: MigrateOptions): Promise<void> {
  return install(options, async (client) => {
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS })
    await installQuotas(client, schema)
    await installLiveRows(client, schema, options.live ?? false)
    if (permitsModerators(options.providers)) await grantModerator(client)
    await installErasure(client, options.eraserDatabaseUrl)
  })
}

/** Whether PROXY_LIVE is on. What is wrong with the variable, the proxy says. */
export const isLive = (text: string | undefined) => onOff.safeParse(text).data ?? false

/** What is wrong with the variable, the proxy says. */
function permitsModerators(text: string | undefined): boolean {
  const { data } = providers.safeParse(text)
  return data?.providers.some(({ roles }) => roles.has(moderator.name)) ?? false
}

/** Without it, the proxy's login cannot become one, whatever a token says. */
async function grantModerator(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    `select where pg_has_role('authenticator', 'moderator', 'member')`,
  )
  if (rowCount === 0) await client.query('grant moderator to authenticator')
}

await runCommand(import.meta.url, (line) => {
  const given = {
    providers: line.env.PROXY_JWT_PROVIDERS ?? '',
    live: isLive(line.env.PROXY_LIVE),
    eraserDatabaseUrl: line.env.ERASER_DATABASE_URL,
  }
  return installCommand('db:migrate', (options) => migrate({ ...options, ...given }), line)
})
