/** Two sessions over the proxy's own wire code: a user's, subject to the policies, and the owner's. */
import { becomeUser } from '../../proxy/src/auth/identity'
import { PostgresConnection } from '../../proxy/src/postgres/connection'
import type { Step } from '../../proxy/src/postgres/flight'
import { connect } from '../../proxy/src/postgres/login'
import { asSetting, newMark } from '../../proxy/src/postgres/own-session'
import { startupOptions } from '../../proxy/src/postgres/session-settings'
import { statementKey } from '../../proxy/src/execute/statement-cache'

export type Sessions = {
  /** One flight: become the user, then the statement; as `authenticated` unless told otherwise. */
  readonly asUser: (
    sessionToken: string,
    sql: string,
    role?: string,
    params?: readonly string[],
  ) => Promise<void>
  readonly asOwner: (sql: string, params: readonly string[]) => Promise<void>
  readonly close: () => void
}

const MESSAGE_BYTES = 1024 * 1024
const STATEMENT_TIMEOUT_MS = 15_000

export async function openSessions(urls: {
  readonly authenticatorUrl: string
  readonly ownerUrl: string
}): Promise<Sessions> {
  const settings = { url: urls.authenticatorUrl, statementTimeoutMs: STATEMENT_TIMEOUT_MS }
  const user = await PostgresConnection.open(settings, MESSAGE_BYTES)
  const mark = newMark()
  const owner = PostgresConnection.over(
    // Past the check that keeps the proxy from logging in as a superuser.
    await connect(
      { connectionString: urls.ownerUrl, options: startupOptions(asSetting(mark)) },
      mark,
    ),
    MESSAGE_BYTES,
  )
  return {
    asUser: (sessionToken, sql, role = 'authenticated', params = []) =>
      user.run([becomeUser({ role, sessionToken }), reading(sql, params, role)]),
    asOwner: (sql, params) => owner.run([reading(sql, params, 'owner')]),
    close: () => {
      user.destroy()
      owner.destroy()
    },
  }
}

function reading(sql: string, params: readonly string[], role: string): Step {
  const sink = { onFields: () => undefined, onRow: () => undefined, onComplete: () => undefined }
  return { sql, params, sink, key: statementKey(role, sql) }
}
