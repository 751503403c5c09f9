/** Whom a changed row may concern: declared next to the table, so that live queries run for them alone. */
import { is, type SQL } from 'drizzle-orm'
import { PgColumn, type PgTable } from 'drizzle-orm/pg-core'

/** A column whose values say whom a row concerns: a user's id, or a value that `audience` gives to users. */
export type LiveKey = {
  readonly column: PgColumn
  /** A query that gives the user who runs it the values of the column that concern them. */
  readonly audience?: SQL
}

export class LiveRows {
  readonly table: PgTable
  readonly keys: readonly LiveKey[]

  constructor(table: PgTable, keys: readonly LiveKey[]) {
    this.table = table
    this.keys = keys
  }
}

/**
 * Makes the rows of a table live: queries that read it are run again when a row with one of the user's keys
 * changes. Export the result from `db/schema`: `npm run db:migrate` installs every one that it finds there.
 *
 *   liveBy(todos.userId)
 *   liveBy(todos.userId, { column: todos.listId, audience: sql`select ${lists.id} from ${lists}` })
 *
 * Name the columns that the policies for SELECT compare. If one of them reads another column of the table, the
 * keys do not count, and each change concerns everybody who reads it.
 */
export function liveBy(...keys: [PgColumn | LiveKey, ...(PgColumn | LiveKey)[]]): LiveRows {
  const [first, ...others] = keys.map(asKey)
  if (first === undefined) throw new Error('liveBy needs a column')
  return new LiveRows(first.column.table, [first, ...others])
}

function asKey(key: PgColumn | LiveKey): LiveKey {
  return isColumn(key) ? { column: key } : key
}

function isColumn(key: PgColumn | LiveKey): key is PgColumn {
  return is(key, PgColumn)
}

/** The same for a table that everybody reads alike. */
export function liveForAll(table: PgTable): LiveRows {
  return new LiveRows(table, [])
}

export class LiveFunction {
  readonly signature: string
  readonly reads: readonly PgTable[]

  constructor(signature: string, reads: readonly PgTable[]) {
    this.signature = signature
    this.reads = reads
  }
}

/**
 * Declares which tables a function reads that policies call. Postgres knows that itself of functions in SQL
 * with BEGIN ATOMIC; of others, such as those in PL/pgSQL, a live query needs to be told.
 *
 * @param signature with its schema and the types of its arguments: `access.lists_i_see()`
 */
export function functionReads(signature: string, ...reads: PgTable[]): LiveFunction {
  return new LiveFunction(signature, reads)
}
