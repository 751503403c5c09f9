/** A session in Postgres, opened and used like the proxy's own, with rows as objects of text. */
import { becomeUser, type Identity } from '../src/auth/identity'
import type { Config } from '../src/config/config'
import { PostgresConnection } from '../src/postgres/connection'
import type { Step } from '../src/postgres/flight'
import type { SearchPath } from '../src/postgres/login'
import { readRow } from '../src/postgres/messages'

export type Row = Readonly<Record<string, string | null>>

export type Database = {
  /** Runs SQL as the login role. */
  readonly query: (sql: string, params?: readonly string[]) => Promise<readonly Row[]>
  /** Runs SQL as a user, in the same flight as the identity step. */
  readonly queryAs: (identity: Identity, sql: string) => Promise<readonly Row[]>
  readonly searchPath: SearchPath
  readonly close: () => void
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024

/** @throws ProxyError with the reason, without the connection string */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'limits'>,
): Promise<Database> {
  const connection = await PostgresConnection.open(
    { url: config.databaseUrl, statementTimeoutMs: config.limits.statementTimeoutMs },
    MAX_MESSAGE_BYTES,
  )
  const run = async (before: readonly Step[], sql: string, params: readonly string[] = []) => {
    const rows: Row[] = []
    let names: string[] = []
    const sink = {
      onFields: (fields: readonly { readonly name: string }[]) => {
        names = fields.map(({ name }) => name)
      },
      onRow: (data: Buffer, start: number) => {
        const values = readRow(data, start)
        rows.push(Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])))
      },
      onComplete: () => undefined,
    }
    await connection.run([...before, { sql, params, sink }])
    return rows
  }
  return {
    query: (sql, params) => run([], sql, params),
    queryAs: (identity, sql) => run([becomeUser(identity)], sql),
    searchPath: connection.searchPath ?? { value: 'pg_temp', schemas: [] },
    close: () => {
      connection.destroy()
    },
  }
}

/** Formats a list of names as one parameter of type text[]. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/** Reads a column that is never null. */
export function text(row: Row, name: string): string {
  return row[name] ?? ''
}
