/** The queries of all examples. The database knows whose token came with each, and applies its policies. */
import { eq, not } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { todos } from './schema'

export type Todo = Pick<typeof todos.$inferSelect, 'id' | 'task' | 'isComplete'>

/** By any of Drizzle's drivers. */
export type Database = Pick<PgDatabase<PgQueryResultHKT>, 'select' | 'insert' | 'update' | 'delete'>

export function listTodos(db: Database): Promise<Todo[]> {
  const { id, task, isComplete } = todos
  return db.select({ id, task, isComplete }).from(todos).orderBy(todos.insertedAt, todos.id)
}

/** Nothing for an empty task; a long one is cut, as the form would. */
export async function addTodo(db: Database, task: string): Promise<void> {
  const trimmed = task.trim().slice(0, 500)
  if (trimmed !== '') await db.insert(todos).values({ task: trimmed })
}

export async function toggleTodo(db: Database, id: string): Promise<void> {
  await db
    .update(todos)
    .set({ isComplete: not(todos.isComplete) })
    .where(eq(todos.id, id))
}

export async function deleteTodo(db: Database, id: string): Promise<void> {
  await db.delete(todos).where(eq(todos.id, id))
}
