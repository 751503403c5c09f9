/** Runs statements through the proxy in a session, and undoes whatever they have written. */
import { Client, DatabaseError, type QueryArrayConfig } from 'pg'
import type { Outcome, Result, Run } from './api'
import { failureOf } from '../sql/run-sql'

/** Values as Postgres writes them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value }

/** Others could be a COMMIT, which sessions may send. */
const RUNS = /^[\s(]*(select|insert|update|delete|merge|with|values|table)\b/i

/** A proxy in front of one scratch database, which takes sessions. */
export type Door = { readonly tcpPort: number; readonly database: string }

/** A role, and a token unless it is `anonymous`. */
export type Caller = { readonly role: string; readonly token: string | undefined }

export async function runAndRollBack(
  { tcpPort, database }: Door,
  { role, token }: Caller,
  { sql, params = [] }: Pick<Run, 'sql' | 'params'>,
): Promise<Outcome> {
  const begun = performance.now()
  const outcome = (status: number, rest: Pick<Outcome, 'results' | 'error'>): Outcome => ({
    ...{ status, ms: Math.round((performance.now() - begun) * 10) / 10 },
    ...rest,
  })
  const other = [sql].flat().find((text) => !RUNS.test(text))
  if (other !== undefined) {
    const message = 'To be undone, it has to begin with SELECT, INSERT, UPDATE, DELETE or WITH.'
    return outcome(400, { results: [], error: { proxyCode: null, code: null, message } })
  }
  const client = new Client({
    host: '127.0.0.1',
    port: tcpPort,
    database,
    user: role,
    password: token ?? '',
    types: AS_TEXT,
  })
  // The query that is running fails as well.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('begin')
    const results: Result[] = []
    for (const text of [sql].flat()) results.push(await runOne(client, text, params))
    return outcome(200, { results, error: null })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const { message, code, detail, hint } = error
    // Postgres names the place in its code that an error is from, the proxy has none.
    const proxyCode = error.routine === undefined ? 'statement_refused' : null
    const failure = failureOf(proxyCode, { message, code, detail, hint })
    return outcome(400, { results: [], error: failure })
  } finally {
    // The end of a session rolls back what is open in it.
    await client.end().catch(() => undefined)
  }
}

async function runOne(
  client: Client,
  text: string,
  values: readonly (string | null)[],
): Promise<Result> {
  // One statement: the simple protocol would take a COMMIT behind it.
  const query: QueryArrayConfig & { readonly queryMode: 'extended' } = {
    text,
    values: [...values],
    rowMode: 'array',
    queryMode: 'extended',
  }
  const { command, rowCount, fields, rows } = await client.query<(string | null)[]>(query)
  return { command, rowCount, columns: fields.map(({ name }) => name), rows }
}
