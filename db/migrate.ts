/**
 * Brings a database up to date: structure from the migrations, then row quotas, then the secrets that
 * the proxy and the database share. `drizzle-kit migrate` does the first half, from the same journal.
 *
 *   npm run db:migrate                   with DATABASE_URL, PROXY_DATABASE_URL, PROXY_SESSION_KEY
 *   npm run db:migrate -- --retire-keys  ends the validity of all session keys but this one
 *
 * To change the session key with no downtime: migrate with the new one (both are valid now), restart
 * every proxy with it, then retire the old one.
 */
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import { DatabaseError as PostgresError } from 'pg'
import { parseSessionKey, type SessionKey } from '../proxy/src/auth/session-key'
import { runCommand } from './command'
import { withOwner } from './connection'
import { DatabaseError, parseDatabaseUrl, placeOf } from './database-error'
import { installQuotas } from './install-quotas'
import { passwordRefusal, requireRoleRights } from './role-rights'
import * as schema from './schema'
import { installPassword, installSessionKey, retireOtherKeys } from './secrets'

export type MigrateOptions = {
  /** The owner's connection string. */
  databaseUrl: string
  /** How the proxy logs in; the password in it becomes `authenticator`'s. */
  proxyDatabaseUrl?: string
  /** 32 random bytes or more, base64. */
  sessionKey?: string
  /** Ends the validity of every other session key. */
  retireKeys?: boolean
  /** Told what the server had to say, such as which hardening it was not allowed to do. */
  onNotice?: (notice: string) => void
}

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** @throws DatabaseError with one sentence for a mistake in the options or on the server's side */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { databaseUrl, retireKeys, onNotice = () => undefined } = options
  const password = authenticatorPassword(options.proxyDatabaseUrl)
  const key = readSessionKey(options.sessionKey)
  parseDatabaseUrl('DATABASE_URL', databaseUrl)
  const place = `DATABASE_URL (${placeOf(databaseUrl)})`
  await withOwner(
    databaseUrl,
    async (client) => {
      await requireRoleRights(client, place)
      await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS })
      await client.query('select private.harden()')
      await client.query('select private.watch_schema(), private.watch_migrations()')
      await installQuotas(client, schema)
      // For what was changed by hand, or by a restore, where no event trigger has noticed it.
      await client.query('select private.schema_changed()')
      if (password !== null) {
        await installPassword(client, password, onNotice).catch(async (error: unknown) => {
          const isRefused = error instanceof PostgresError && error.code === '42501'
          throw isRefused ? await passwordRefusal(client, place) : error
        })
      }
      if (key !== null) await installSessionKey(client, key)
      if (key !== null && retireKeys) {
        onNotice(`Session keys retired: ${await retireOtherKeys(client, key)}.`)
      }
    },
    onNotice,
  )
}

function authenticatorPassword(proxyDatabaseUrl: string | undefined): string | null {
  if (!proxyDatabaseUrl) return null
  const url = parseDatabaseUrl('PROXY_DATABASE_URL', proxyDatabaseUrl)
  // Poolers in front of a database add the project's name to the user's.
  if (!/^authenticator(\.|$)/.test(decodeURIComponent(url.username))) {
    throw new DatabaseError('PROXY_DATABASE_URL must log in as authenticator.')
  }
  return url.password === '' ? null : decodeURIComponent(url.password)
}

function readSessionKey(sessionKey: string | undefined): SessionKey | null {
  if (!sessionKey) return null
  try {
    return parseSessionKey(sessionKey)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    throw new DatabaseError(`PROXY_SESSION_KEY: ${reason}.`)
  }
}

await runCommand(import.meta.url, async (args, env, say) => {
  const unknown = args.find((arg) => arg !== '--retire-keys')
  if (unknown !== undefined) {
    throw new DatabaseError(`“${unknown}” is no option of db:migrate: there is only --retire-keys.`)
  }
  const { DATABASE_URL, PROXY_DATABASE_URL, PROXY_SESSION_KEY } = env
  for (const [name, value] of Object.entries({ PROXY_DATABASE_URL, PROXY_SESSION_KEY })) {
    if (!value) say(`${name} is not set: the proxy cannot use this database before it is.`)
  }
  await migrate({
    databaseUrl: DATABASE_URL ?? '',
    proxyDatabaseUrl: PROXY_DATABASE_URL ?? '',
    sessionKey: PROXY_SESSION_KEY ?? '',
    retireKeys: args.includes('--retire-keys'),
    onNotice: say,
  })
  say('The database is up to date.')
})
