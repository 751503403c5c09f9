/** One value that is another as soon as any todo that the user sees is: as a live query, it tells a page to read again. */
import { sql } from 'drizzle-orm'
import type { PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { todos } from '../schema'
import { first, type QueryDatabase } from './database'

/** @returns null while the user sees no todo */
export async function todosDigest<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
): Promise<string | null> {
  const row = await first(
    db
      .select({
        digest: sql<string | null>`md5(string_agg(${todos}::text, '' order by ${todos.id}))`,
      })
      .from(todos),
  )
  return row?.digest ?? null
}
