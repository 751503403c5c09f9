/** Runs SQL the way the proxy does: logged in as `authenticator`, one role and identity a transaction. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Client, type QueryResult } from 'pg'
import { sealClaims } from '../../src/auth/seal'
import { parseSessionKey } from '../../src/auth/session-key'

export type Actor = {
  name: string
  role: string
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

type Row = Record<string, unknown>

/**
 * Runs the statements in one transaction, which is committed unless one of them fails.
 * @returns the last one's result
 */
export async function runAs(
  authenticator: Client,
  actor: Pick<Actor, 'role' | 'token'>,
  ...statements: string[]
): Promise<QueryResult<Row>> {
  const results = await runAllAs(authenticator, actor, statements)
  const last = results.at(-1)
  if (last === undefined) throw new Error('There is no statement to run.')
  return last
}

/**
 * The same for many statements.
 * @returns the result of each
 */
export async function runAllAs(
  authenticator: Client,
  { role, token }: Pick<Actor, 'role' | 'token'>,
  statements: readonly string[],
): Promise<QueryResult<Row>[]> {
  await authenticator.query('begin')
  try {
    await authenticator.query(
      `select set_config('role', $1, true), set_config('auth.session_token', $2, true)`,
      [role, token],
    )
    const results: QueryResult<Row>[] = []
    for (const statement of statements) results.push(await authenticator.query<Row>(statement))
    await authenticator.query('commit')
    return results
  } catch (error) {
    await authenticator.query('rollback')
    throw error
  }
}

/** Runs the app's queries in one transaction, which is committed unless one of them fails. */
export async function queryAs<T>(
  authenticator: Client,
  { role, token }: Pick<Actor, 'role' | 'token'>,
  work: (db: NodePgDatabase) => Promise<T>,
): Promise<T> {
  await authenticator.query('begin')
  try {
    await authenticator.query(
      `select set_config('role', $1, true), set_config('auth.session_token', $2, true)`,
      [role, token],
    )
    const result = await work(drizzle(authenticator))
    await authenticator.query('commit')
    return result
  } catch (error) {
    await authenticator.query('rollback')
    throw error
  }
}
