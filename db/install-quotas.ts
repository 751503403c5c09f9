/** Makes the database enforce the quotas that the schema declares, and counts anew where counts are wrong. */
import { getTableConfig } from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { RowQuota } from './row-quota'

/** Locks a table only when its quota is new or its counts are wrong (private.limit_rows). */
export async function installQuotas(
  client: Pick<Client, 'query'>,
  schema: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const { owner, maxRows } of declaredQuotas(schema)) {
    const { schema: namespace = 'public', name } = getTableConfig(owner.table)
    await client.query(
      `select private.limit_rows(format('%I.%I', $1::text, $2::text)::regclass, $3, $4)`,
      [namespace, name, owner.name, maxRows],
    )
  }
}

export function declaredQuotas(schema: Readonly<Record<string, unknown>>): RowQuota[] {
  return Object.values(schema).filter((value) => value instanceof RowQuota)
}
