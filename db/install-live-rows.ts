/** Makes the database tell the proxy of changed rows, as the schema declares, or makes it stop. */
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { qualified, textOf } from './declared'
import { LiveFunction, LiveRows } from './live-rows'

/**
 * Locks a table only when it was not watched before (private.watch_rows), or is not to be watched any more.
 *
 * @param isLive false where no proxy answers live queries
 */
export async function installLiveRows(
  client: Pick<Client, 'query'>,
  schema: Readonly<Record<string, unknown>>,
  isLive: boolean,
): Promise<void> {
  for (const { table, keys } of declaredLiveRows(schema)) {
    const name = nameOf(table)
    if (isLive) {
      const columns = keys.map(({ column }) => column.name)
      await client.query('select private.watch_rows($1, $2, $3)', [
        name,
        columns,
        keys.map(audienceOf),
      ])
    } else {
      await client.query(
        `select private.watch_rows(tgrelid, null, null) from pg_catalog.pg_trigger
         where tgrelid = $1::regclass and tgname = 'live_insert'`,
        [name],
      )
    }
  }
  for (const { signature, reads } of declaredFunctions(schema)) {
    await client.query('select private.declare_reads($1, $2)', [signature, reads.map(nameOf)])
  }
}

export function nameOf(table: PgTable): string {
  const { schema, name } = getTableConfig(table)
  return qualified(schema, name)
}

export function declaredFunctions(schema: Readonly<Record<string, unknown>>): LiveFunction[] {
  return Object.values(schema).filter((value) => value instanceof LiveFunction)
}

export function declaredLiveRows(schema: Readonly<Record<string, unknown>>): LiveRows[] {
  return Object.values(schema).filter((value) => value instanceof LiveRows)
}

/** The text of a key's audience; null for the user's own id. */
export function audienceOf({ audience }: LiveRows['keys'][number]): string | null {
  return audience === undefined ? null : textOf(audience)
}
