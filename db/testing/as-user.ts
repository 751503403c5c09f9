/** Runs SQL the way the proxy does: logged in as `authenticator`, one role and identity a transaction. */
import { Client, type QueryResult } from 'pg'
import { sealClaims } from '../../proxy/identity'
import { parseSessionKey } from '../../proxy/session-key'

export type Actor = {
  name: string
  role: 'authenticated' | 'anonymous'
  /** What the proxy would put into auth.session_token; '' is nobody. */
  token: string
}

/** Claims of a session that is valid for a minute, unless `changes` says otherwise. */
export function seal(
  sessionKey: string,
  changes: Readonly<Record<string, unknown>>,
  now = Date.now(),
): string {
  const claims = { exp: Math.floor(now / 1000) + 60, ...changes }
  return sealClaims(parseSessionKey(sessionKey), JSON.stringify(claims))
}

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  // A test that cuts connections off expects it; everything else shows in the query that fails.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/**
 * Runs the statements in one transaction, which is committed unless one of them fails.
 * @returns the last one's result
 */
export async function runAs(
  authenticator: Client,
  { role, token }: Pick<Actor, 'role' | 'token'>,
  ...statements: string[]
): Promise<QueryResult<Record<string, unknown>>> {
  await authenticator.query('begin')
  try {
    let result = await authenticator.query<Record<string, unknown>>(
      `select set_config('role', $1, true), set_config('auth.session_token', $2, true)`,
      [role, token],
    )
    for (const statement of statements) result = await authenticator.query(statement)
    await authenticator.query('commit')
    return result
  } catch (error) {
    await authenticator.query('rollback')
    throw error
  }
}
