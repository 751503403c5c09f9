/**
 * Brings a database to what the proxy relies on: the roles, functions and rights of proxy/sql, then the
 * tables that an application makes in the same run, then the secrets that the proxy and the database share.
 */
import { DatabaseError as PostgresError, type Client } from 'pg'
import { parseSessionKey, type SessionKey } from '../src/auth/session-key'
import { DatabaseError, parseDatabaseUrl, placeOf } from './database-error'
import { withOwner } from './owner'
import { passwordRefusal, requireRoleRights } from './role-rights'
import { installPassword, installSessionKey, retireOtherKeys } from './secrets'
import { installFiles } from './sql-files'

export type InstallOptions = {
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

/**
 * @param makeTables makes the application's own tables, whose policies may call what is installed by then
 * @throws DatabaseError with one sentence for a mistake in the options or on the server's side
 */
export async function install(
  options: InstallOptions,
  makeTables?: (client: Client) => Promise<void>,
): Promise<void> {
  const { databaseUrl, retireKeys, onNotice = () => undefined } = options
  const password = authenticatorPassword(options.proxyDatabaseUrl)
  const key = readSessionKey(options.sessionKey)
  parseDatabaseUrl('DATABASE_URL', databaseUrl)
  const place = `DATABASE_URL (${placeOf(databaseUrl)})`
  await withOwner(
    databaseUrl,
    async (client) => {
      await requireRoleRights(client, place)
      await installFiles(client)
      await makeTables?.(client)
      await client.query('select private.harden()')
      await client.query('select private.watch_schema(), private.watch_migrations()')
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
