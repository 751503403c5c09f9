/**
 * Every todo query, once, for every way to a database: the server's, the browser's, a test's.
 *
 * None of them decides who may see or change a todo: the database knows the user and applies its policies to
 * each query. The id of a todo that the user may not see behaves like a missing id, and so does that of one
 * that they may see and not change.
 */
import {
  and,
  asc,
  eq,
  getTableColumns,
  inArray,
  lte,
  sql,
  type InferSelectModel,
  type SQL,
} from 'drizzle-orm'
import type { PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { todos } from '../schema'
import { first, type QueryDatabase } from './database'
import { PART_BYTES } from './deletion-part'
import { NOTES_START } from './notes-start'
import { after, byPlace, inView, matching, type Filter, type Place, type View } from './views'

/** `insertedAt` is Postgres' text: `2026-01-31 09:00:00.123456+00`. */
export type StoredTodo = InferSelectModel<typeof todos>

/** As lists show it: the notes of one todo are read by `notesOf`. */
export type Todo = Omit<StoredTodo, 'notes'> & { notesStart: string }

const { notes, ...columns } = getTableColumns(todos)

export const shown = {
  ...columns,
  notesStart: sql<string>`left(${notes}, ${sql.raw(String(NOTES_START))})`.as('notes_start'),
}

/** What a deletion answers, for undo. */
export type DeletedTodo = Todo & { notes: string }
const deleted = { ...shown, notes }

/** Characters after trimming; the table checks the same. */
export const TASK_MAX_LENGTH = 500
export const NOTES_MAX_LENGTH = 10_000

export type NewTodo = Pick<StoredTodo, 'task'> &
  Partial<Pick<StoredTodo, 'id' | 'listId' | 'notes' | 'dueOn' | 'dueTime' | 'position'>>

/** All todos that the user sees. */
export function listTodos<D extends PgQueryResultHKT>(db: QueryDatabase<D>): Promise<Todo[]> {
  return db.select(shown).from(todos).orderBy(asc(todos.position), asc(todos.id))
}

/** `place` is that of the last todo of the page before; undefined for the first page. */
type Page = { place?: Place | undefined; limit: number }

/** One page of a view. */
export function todosOf<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  view: View,
  { filter = 'all', place, limit }: Page & { filter?: Filter },
): Promise<Todo[]> {
  return db
    .select(shown)
    .from(todos)
    .where(and(inView(view), matching(filter), after(view, place)))
    .orderBy(...byPlace(view))
    .limit(limit)
}

/** Null for notes of which the beginning is all there is. */
const digestOfLongNotes = sql<
  string | null
>`case when char_length(${notes}) >= ${sql.raw(String(NOTES_START))} then md5(${notes}) end`.as(
  'notes_digest',
)

/**
 * The same page, and the counts of its view, in one statement, as a live query has to be. Its answer is another one, too,
 * when notes change behind their beginning.
 */
export async function todosWithCounts<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  view: View,
  { filter = 'all', limit }: { filter?: Filter; limit: number },
): Promise<{ todos: Todo[]; counts: Counts }> {
  const order = sql.join(byPlace(view), sql`, `)
  const page = db
    .select({
      ...shown,
      notesDigest: digestOfLongNotes,
      place: sql`row_number() over (order by ${order})`.as('place'),
    })
    .from(todos)
    .where(and(inView(view), matching(filter)))
    .orderBy(...byPlace(view))
    .limit(limit)
    .as('page')
  const counts = db.select(counted).from(todos).where(inView(view)).as('counts')
  const { place, notesDigest, ...todo } = page._.selectedFields
  const rows = await db
    .select({ counts: { active: counts.active, completed: counts.completed }, todo, notesDigest })
    .from(counts)
    // Counts come without todos, too.
    .leftJoin(page, sql`true`)
    .orderBy(asc(place))
  return {
    todos: rows.flatMap(({ todo }) => todo ?? []),
    counts: rows[0]?.counts ?? { active: 0, completed: 0 },
  }
}

/** The same with all of the notes, for few todos at once. */
export function wholeTodosOf<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  view: View,
  { place, limit }: Page,
): Promise<StoredTodo[]> {
  return db
    .select()
    .from(todos)
    .where(and(inView(view), after(view, place)))
    .orderBy(...byPlace(view))
    .limit(limit)
}

/** Undefined for a todo that the user does not see. */
export async function notesOf<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
): Promise<string | undefined> {
  return (await first(db.select({ notes }).from(todos).where(eq(todos.id, id))))?.notes
}

export type Counts = { active: number; completed: number }

const counted = {
  active: sql<number>`(count(*) filter (where not ${todos.isComplete}))::int`.as('active'),
  completed: sql<number>`(count(*) filter (where ${todos.isComplete}))::int`.as('completed'),
}

export async function countTodos<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  view: View,
): Promise<Counts> {
  const counts = await first(db.select(counted).from(todos).where(inView(view)))
  return counts ?? { active: 0, completed: 0 }
}

/**
 * Adding the same id again changes nothing and returns the todo as it is.
 * @param todo `task` is trimmed; 1 to 500 characters must be left, or the database refuses (SQLSTATE 23514)
 */
export async function addTodo<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  todo: NewTodo,
): Promise<Todo> {
  const insert = db
    .insert(todos)
    .values({ ...todo, task: todo.task.trim() })
    .onConflictDoNothing()
    .returning(shown)
  const added = (await first(insert)) ?? (todo.id ? await findTodo(db, todo.id) : undefined)
  if (added === undefined) throw new Error('The id of the new todo is taken.')
  return added
}

export function findTodo<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
): Promise<Todo | undefined> {
  return first(db.select(shown).from(todos).where(eq(todos.id, id)))
}

/** A todo as a whole: one that comes with others, or one that was deleted and has the time when it was added. */
export type WholeTodo = Omit<StoredTodo, 'userId' | 'hiddenAt' | 'insertedAt'> & {
  insertedAt?: string
}

/**
 * Adds whole todos, each once: what undo puts back, a paste, an import. They belong to the one who adds them.
 * @returns those that were not there
 */
export function insertTodos<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  whole: readonly WholeTodo[],
): Promise<Todo[]> {
  // One parameter however many there are, so that it is one statement for the proxy's allow-list.
  const rows = sql`jsonb_to_recordset(${JSON.stringify(whole)}::jsonb) as whole (${recordColumns})`
  return db
    .insert(todos)
    .select(
      sql`select id, (select auth.user_id()), task, "isComplete", coalesce("insertedAt", now()), "listId", notes, "dueOn", "dueTime", position, null from ${rows}`,
    )
    .onConflictDoNothing()
    .returning(shown)
}

const recordColumns = sql.raw(
  'id uuid, task text, "isComplete" boolean, "insertedAt" timestamptz, "listId" uuid, notes text, "dueOn" date, "dueTime" time, position text',
)

/** @returns the todo, or undefined if the user may change none with this id; the same for the next ones */
export function renameTodo<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  task: string,
): Promise<Todo | undefined> {
  return change(db, id, { task: task.trim() })
}

/** Sets a state instead of toggling it, so that a second click on a stale page does no harm. */
export function setTodoComplete<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  isComplete: boolean,
): Promise<Todo | undefined> {
  return change(db, id, { isComplete })
}

export function setTodoNotes<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  notes: string,
): Promise<Todo | undefined> {
  return change(db, id, { notes })
}

/** A time needs a day. */
export function setTodoDue<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  due: Pick<Todo, 'dueOn' | 'dueTime'>,
): Promise<Todo | undefined> {
  return change(db, id, { dueOn: due.dueOn, dueTime: due.dueTime })
}

/** @param to the new key of `fractional-indexing`, and the list if that changes, too (null: the private one) */
export function moveTodo<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  to: Pick<Todo, 'position'> & Partial<Pick<Todo, 'listId'>>,
): Promise<Todo | undefined> {
  const { position, listId } = to
  return change(db, id, listId === undefined ? { position } : { position, listId })
}

export function deleteTodo<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
): Promise<DeletedTodo | undefined> {
  return first(db.delete(todos).where(eq(todos.id, id)).returning(deleted))
}

/** @returns the todos that changed */
export function setAllComplete<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  isComplete: boolean,
  view?: View,
): Promise<Todo[]> {
  return db
    .update(todos)
    .set({ isComplete })
    .where(and(eq(todos.isComplete, !isComplete), view && inView(view)))
    .returning(shown)
}

/** @returns the deleted todos: all of them, or a part (deletion-part.ts), which the next call goes on behind */
export function clearCompleted<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  view?: View,
): Promise<DeletedTodo[]> {
  const isDone = eq(todos.isComplete, true)
  // Asked again of each, because another device may reopen it meanwhile.
  return db
    .delete(todos)
    .where(and(isDone, isInPart(db, and(isDone, view && inView(view)))))
    .returning(deleted)
}

/** @returns those of the todos that changed */
export function setTodosComplete<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  ids: readonly string[],
  isComplete: boolean,
): Promise<Todo[]> {
  return db
    .update(todos)
    .set({ isComplete })
    .where(and(anyOf(ids), eq(todos.isComplete, !isComplete)))
    .returning(shown)
}

/** @returns the same as clearCompleted */
export function deleteTodos<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  ids: readonly string[],
): Promise<DeletedTodo[]> {
  return db
    .delete(todos)
    .where(isInPart(db, anyOf(ids)))
    .returning(deleted)
}

function isInPart<D extends PgQueryResultHKT>(db: QueryDatabase<D>, isMeant?: SQL): SQL {
  const sized = db
    .select({
      id: todos.id,
      bytes: sql`sum(octet_length(row_to_json(${todos})::text)) over (order by ${todos.id})`.as(
        'bytes',
      ),
    })
    .from(todos)
    .where(isMeant)
    .as('sized')
  return inArray(
    todos.id,
    db.select({ id: sized.id }).from(sized).where(lte(sized.bytes, PART_BYTES)),
  )
}

/** One parameter, as above. */
export function anyOf(ids: readonly string[]): SQL {
  return sql`${todos.id} = any (${`{${ids.join(',')}}`}::uuid[])`
}

function change<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  values: Partial<StoredTodo>,
): Promise<Todo | undefined> {
  return first(db.update(todos).set(values).where(eq(todos.id, id)).returning(shown))
}
