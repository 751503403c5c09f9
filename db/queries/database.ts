/** What the queries need of a Drizzle database; `drizzle(…)` of every driver has it. */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

export type QueryDatabase<Driver extends PgQueryResultHKT> = Pick<
  PgDatabase<Driver>,
  'select' | 'insert' | 'update' | 'delete'
>

export async function first<T>(rows: Promise<T[]>): Promise<T | undefined> {
  return (await rows)[0]
}
