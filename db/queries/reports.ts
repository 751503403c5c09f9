/** Every query about reported todos: the members' own, and a moderator's, which need the role `moderator`. */
import { asc, desc, eq, sql } from 'drizzle-orm'
import type { PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { moderates } from '../policies'
import { reports, todos } from '../schema'
import { first, type QueryDatabase } from './database'

export const REASON_MAX_LENGTH = 500

/** Once for a todo and a user. */
export async function reportTodo<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { id, todoId, reason }: { id: string; todoId: string; reason: string },
): Promise<void> {
  await db.insert(reports).values({ id, todoId, reason: reason.trim() }).onConflictDoNothing()
}

/** Whether the user's token makes them a moderator, by the condition that moderators' policies begin with. */
export async function mayModerate<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
): Promise<boolean> {
  const may = sql<boolean>`coalesce(${moderates()}, false)`
  return (await first(db.select({ may }).from(sql`(select) as me`)))?.may ?? false
}

export type Report = Awaited<ReturnType<typeof openReports>>[number]

/** For moderators: what was reported, with the todo as it is now. */
export function openReports<D extends PgQueryResultHKT>(db: QueryDatabase<D>) {
  return db
    .select({
      id: reports.id,
      reason: reports.reason,
      reportedBy: reports.userId,
      reportedAt: reports.createdAt,
      todo: {
        id: todos.id,
        task: todos.task,
        notes: todos.notes,
        addedBy: todos.userId,
        hiddenAt: todos.hiddenAt,
      },
    })
    .from(reports)
    .innerJoin(todos, eq(todos.id, reports.todoId))
    .orderBy(desc(reports.createdAt), asc(reports.id))
}

/** For moderators. @returns undefined if the todo was not reported */
export function setHidden<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  todoId: string,
  isHidden: boolean,
) {
  return first(
    db
      .update(todos)
      .set({ hiddenAt: isHidden ? sql`now()` : null })
      .where(eq(todos.id, todoId))
      .returning({ id: todos.id, hiddenAt: todos.hiddenAt }),
  )
}

/** For moderators: closes all reports of a todo. For members: withdraws their own. */
export function deleteReports<D extends PgQueryResultHKT>(db: QueryDatabase<D>, todoId: string) {
  return db.delete(reports).where(eq(reports.todoId, todoId)).returning()
}
