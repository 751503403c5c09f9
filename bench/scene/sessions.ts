/** Two sessions over the proxy's own wire code: a user's, held by policies, and the owner's. */
import { becomeUser } from '../../proxy/become-user'
import { PostgresConnection } from '../../proxy/postgres/connection'
import type { Step } from '../../proxy/postgres/flight'
import { connect } from '../../proxy/postgres/login'

export type Sessions = {
  /** One flight: become the user, then the statement. */
  readonly asUser: (sealed: string, sql: string) => Promise<void>
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
  const owner = PostgresConnection.over(
    // Past the check that keeps the proxy from logging in as a superuser.
    await connect({ connectionString: urls.ownerUrl }),
    MESSAGE_BYTES,
  )
  return {
    asUser: (sealed, sql) =>
      user.run([becomeUser({ role: 'authenticated', sessionToken: sealed }), reading(sql, [])]),
    asOwner: (sql, params) => owner.run([reading(sql, params)]),
    close: () => {
      user.destroy()
      owner.destroy()
    },
  }
}

function reading(sql: string, params: readonly string[]): Step {
  const sink = { onFields: () => undefined, onRow: () => undefined, onComplete: () => undefined }
  return { sql, params, sink, key: sql }
}
