/** Queries that concern many todos at once: one statement each, of one form for any number of them. */
import { eq, sql } from 'drizzle-orm'
import type { PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { todos } from '../schema'
import type { QueryDatabase } from './database'
import { anyOf, shown, type Todo } from './todos'

/** Those of the todos with these ids that the user sees. */
export function findTodos<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  ids: readonly string[],
): Promise<Todo[]> {
  return db.select(shown).from(todos).where(anyOf(ids))
}

/** @returns the todos that changed, as of the next one */
export function setDueOfTodos<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  ids: readonly string[],
  { dueOn, dueTime }: Pick<Todo, 'dueOn' | 'dueTime'>,
): Promise<Todo[]> {
  return db.update(todos).set({ dueOn, dueTime }).where(anyOf(ids)).returning(shown)
}

/** Moves todos to a list (null: the private one), each to its position there. */
export function moveTodos<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  moved: readonly Pick<Todo, 'id' | 'listId' | 'position'>[],
): Promise<Todo[]> {
  return db
    .update(todos)
    .set({ listId: sql`given."listId"`, position: sql`given.position` })
    .from(
      sql`json_to_recordset(${JSON.stringify(moved)}) as given (id uuid, "listId" uuid, position text)`,
    )
    .where(eq(todos.id, sql`given.id`))
    .returning(shown)
}
