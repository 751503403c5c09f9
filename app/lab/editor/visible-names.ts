/** What the editor completes: the tables that users reach, with their columns, and who they are. */
import { is } from 'drizzle-orm'
import { getTableConfig, PgRole, PgTable } from 'drizzle-orm/pg-core'
import * as schema from '@/db/schema'
import { authenticated } from '@/db/schema/roles'

const IDENTITY = ['user_id()', 'session()', 'uid()']

export function visibleNames(): Record<string, string[]> {
  const tables = Object.values(schema)
    .filter((value) => is(value, PgTable))
    .map((table) => getTableConfig(table))
    .filter(({ policies }) =>
      policies.some(({ to }) => is(to, PgRole) && to.name === authenticated.name),
    )
  return {
    ...Object.fromEntries(
      tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
    ),
    auth: IDENTITY,
  }
}
