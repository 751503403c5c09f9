/** The way to Postgres by token: a session of the shared pool for each transaction, which begins as the user. */
import { admit, requireDatabase, type AdmitParts } from '../admit'
import { becomeUser } from '../auth/identity'
import { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import type { Gate } from '../gate/gate'
import type { ShadowCheck } from '../gate/shadows'
import type { PostgresConnection } from '../postgres/connection'
import type { Step } from '../postgres/flight'
import { OUT_OF_MEMORY } from '../postgres/messages'
import type { Pool } from '../postgres/pool'
import { isStaleSchema, readSchemaVersion } from '../postgres/schema-version'
import type { Target } from '../request/connection-string'
import type { Access } from './access'

export type TokenParts = AdmitParts & {
  readonly gate: Gate
  readonly pool: Pool
  readonly shadows: ShadowCheck
}

export type TokenAccess = Access & {
  /** When the token ends, in seconds since 1970; undefined without one. */
  readonly expiresAt: () => number | undefined
  /** Called when another token has taken its place. */
  onRenewed: () => void
  /** @throws ProxyError session_ended when the token is no longer valid */
  verify(): Promise<void>
}

/**
 * @param first the session's first token; undefined for one as `anonymous`
 * @throws ProxyError
 */
export async function openTokenAccess(
  first: string | undefined,
  target: Target,
  address: string,
  parts: TokenParts,
): Promise<TokenAccess> {
  let token = first
  let current = await admit(token, target, address, parts)
  requireDatabase(target, parts)
  const { user, identity } = current
  const { pool, shadows, rates, meters } = parts

  const verify = async () => {
    try {
      current = { ...(await parts.authenticate(token, target)), user }
    } catch (error) {
      throw ended(error)
    }
  }
  const access: TokenAccess = {
    role: identity.role,
    user,
    gate: parts.gate,
    isPinned: false,
    parameters: await parametersOf(pool),
    expiresAt: () => current.expiresAt,
    onRenewed: () => undefined,
    verify,
    check: async () => {
      rates.user.take(user)
      meters.budget.check(user)
      shadows.refuseIfFound()
      await verify()
    },
    acquire: (cancellation, tables) =>
      pool.acquire(cancellation, user, { isProven: false, tables }),
    begin: ({ schemaVersion }) => [becomeUser(current.identity), ...checkOf(schemaVersion?.check)],
    mayBeginAgain: async (error, connection) => {
      if (error.fields.code === OUT_OF_MEMORY) return true
      if (!isStaleSchema(error)) return false
      await retireOutdated(pool, connection)
      return true
    },
    release: (connection, isClean) => pool.release(connection, isClean),
    renew: async (fresh) => {
      const renewed = await admit(fresh, target, address, parts)
      if (renewed.user !== user) throw anotherUser()
      token = fresh
      current = renewed
      access.onRenewed()
    },
  }
  return access
}

function checkOf(check: Step | undefined): readonly Step[] {
  return check === undefined ? [] : [check]
}

/** Nothing has run yet, so the transaction can begin again where the schema is the current one. */
async function retireOutdated(pool: Pool, connection: PostgresConnection): Promise<void> {
  if (connection.isInTransaction) await connection.rollback()
  const version = await readSchemaVersion(connection)
  pool.retire(({ schemaVersion }) => schemaVersion?.changes !== version?.changes)
}

/** What a session of the pool was told when it logged in. */
async function parametersOf(pool: Pool): Promise<ReadonlyMap<string, string>> {
  const cancellation = new Cancellation()
  const connection = await pool.acquire(cancellation)
  const { parameters } = connection
  await pool.release(connection)
  return parameters
}

/** The session of a token ends with it. */
function ended(error: unknown): unknown {
  if (!(error instanceof ProxyError) || !error.code.startsWith('token_')) return error
  return new ProxyError('session_ended', `terminating connection: ${error.message}`, {
    hint: "Connect with a new token. SET auth.token = '<token>' renews a session before its token ends.",
  })
}

function anotherUser(): ProxyError {
  return new ProxyError('setting_refused', 'auth.token must be a token of the same user', {
    code: '28000',
    hint: 'Open a session of its own for each user.',
  })
}
