/**
 * Every todo query, once, for every way to a database: the server's, the browser's, a test's.
 *
 * None of them filters by user. The database knows the user and restricts each query to their rows; the id of
 * another user's todo behaves like a missing id.
 */
import { asc, eq, type InferSelectModel } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { todos } from '../schema'

/** What the queries need of a Drizzle database; `drizzle(…)` and `db.$withAuth(token)` both have it. */
export type TodoDatabase<Driver extends PgQueryResultHKT> = Pick<
  PgDatabase<Driver>,
  'select' | 'insert' | 'update' | 'delete'
>

/** `insertedAt` is Postgres' text: `2026-01-31 09:00:00.123456+00`. */
export type Todo = Omit<InferSelectModel<typeof todos>, 'userId'>

/** Characters after trimming; the table checks the same. */
export const TASK_MAX_LENGTH = 500

const columns = {
  id: todos.id,
  task: todos.task,
  isComplete: todos.isComplete,
  insertedAt: todos.insertedAt,
}

/** Oldest first: a new todo goes to the end of the list. */
export function listTodos<D extends PgQueryResultHKT>(db: TodoDatabase<D>): Promise<Todo[]> {
  return db.select(columns).from(todos).orderBy(asc(todos.insertedAt), asc(todos.id))
}

/**
 * @param task is trimmed; 1 to 500 characters must be left, or the database refuses (SQLSTATE 23514)
 */
export async function addTodo<D extends PgQueryResultHKT>(
  db: TodoDatabase<D>,
  task: string,
): Promise<Todo> {
  const [todo] = await db.insert(todos).values({ task: task.trim() }).returning(columns)
  if (todo === undefined) throw new Error('The database returned no row for an insert.')
  return todo
}

/** @returns the todo, or undefined if the user has none with this id; the same for the next two */
export function renameTodo<D extends PgQueryResultHKT>(
  db: TodoDatabase<D>,
  id: string,
  task: string,
): Promise<Todo | undefined> {
  return first(
    db.update(todos).set({ task: task.trim() }).where(eq(todos.id, id)).returning(columns),
  )
}

/** Sets a state instead of toggling it, so that a second click on a stale page does no harm. */
export function setTodoComplete<D extends PgQueryResultHKT>(
  db: TodoDatabase<D>,
  id: string,
  isComplete: boolean,
): Promise<Todo | undefined> {
  return first(db.update(todos).set({ isComplete }).where(eq(todos.id, id)).returning(columns))
}

export function deleteTodo<D extends PgQueryResultHKT>(
  db: TodoDatabase<D>,
  id: string,
): Promise<Todo | undefined> {
  return first(db.delete(todos).where(eq(todos.id, id)).returning(columns))
}

/** @returns the todos that changed */
export function setAllComplete<D extends PgQueryResultHKT>(
  db: TodoDatabase<D>,
  isComplete: boolean,
): Promise<Todo[]> {
  return db
    .update(todos)
    .set({ isComplete })
    .where(eq(todos.isComplete, !isComplete))
    .returning(columns)
}

/** @returns the deleted todos */
export function clearCompleted<D extends PgQueryResultHKT>(db: TodoDatabase<D>): Promise<Todo[]> {
  return db.delete(todos).where(eq(todos.isComplete, true)).returning(columns)
}

async function first<T>(rows: Promise<T[]>): Promise<T | undefined> {
  return (await rows)[0]
}
