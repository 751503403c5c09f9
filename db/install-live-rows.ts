/** Makes the database tell the proxy of changed rows, as the schema declares. */
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { qualified, textOf } from './declared'
import { LiveFunction, LiveRows } from './live-rows'

/** Locks a table only when it was not watched before (private.watch_rows). */
export async function installLiveRows(
  client: Pick<Client, 'query'>,
  schema: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const { table, keys } of declaredLiveRows(schema)) {
    const { schema: namespace = 'public', name } = getTableConfig(table)
    await client.query(
      `select private.watch_rows(format('%I.%I', $1::text, $2::text)::regclass, $3, $4)`,
      [namespace, name, keys.map(({ column }) => column.name), keys.map(audienceOf)],
    )
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
