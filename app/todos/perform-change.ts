/** Reads a page and performs a change, on the server's or the browser's database. Neither throws. */
import { todosDigest } from '@/db/queries/digest'
import { findTodos, moveTodos, setDueOfTodos } from '@/db/queries/many-todos'
import * as todos from '@/db/queries/todos'
import type { Place } from '@/db/queries/views'
import type { UserDatabase } from '@/lib/sql/user-database'
import { failed, succeeded, type Result } from '@/lib/problem'
import { sqlProblem } from '@/lib/sql/sql-problem'
import type { Change, ChangedTodo } from './change'
import { MOST_LIVE_TODOS, type TodoPage, type WholePage } from './query'
import type { BeginRequest, PageRequest } from './query-schema'

/**
 * Returns the rows that were changed, inserted or deleted. A change to one todo that finds none (deleted meanwhile,
 * or one that the user may not change: the database does not say which) is `gone`.
 */
export async function performChange(
  db: UserDatabase,
  change: Change,
): Promise<Result<ChangedTodo[]>> {
  try {
    const rows = await run(db, change)
    return 'id' in change && rows.length === 0 ? failed('gone') : succeeded(rows)
  } catch (error) {
    return failed(sqlProblem(error))
  }
}

export async function loadPage(
  db: UserDatabase,
  { query: { view, filter }, after, size }: PageRequest,
): Promise<Result<TodoPage>> {
  try {
    const [page, counts] = await Promise.all([
      todos.todosOf(db, view, { filter, place: after ?? undefined, limit: size }),
      todos.countTodos(db, view),
    ])
    return succeeded({ todos: page, next: nextOf(page, size), counts })
  } catch (error) {
    return failed(sqlProblem(error))
  }
}

/** What a screen listens to: the beginning of its list, or null where that has to be read. */
export const livePage =
  ({ query: { view, filter }, size }: BeginRequest) =>
  async (db: UserDatabase): Promise<TodoPage | null> => {
    if (size > MOST_LIVE_TODOS) {
      await todosDigest(db)
      return null
    }
    const page = await todos.todosWithCounts(db, view, { filter, limit: size })
    return { ...page, next: nextOf(page.todos, size) }
  }

/** The whole view: an export has no filter. */
export async function loadWhole(
  db: UserDatabase,
  { query: { view }, after, size }: PageRequest,
): Promise<Result<WholePage>> {
  try {
    const page = await todos.wholeTodosOf(db, view, { place: after ?? undefined, limit: size })
    return succeeded({ todos: page, next: nextOf(page, size) })
  } catch (error) {
    return failed(sqlProblem(error))
  }
}

export async function loadNotes(db: UserDatabase, id: string): Promise<Result<string>> {
  try {
    const notes = await todos.notesOf(db, id)
    return notes === undefined ? failed('gone') : succeeded(notes)
  } catch (error) {
    return failed(sqlProblem(error))
  }
}

/** Where the page after this one begins; null if there is none. */
function nextOf(page: readonly Place[], size: number): Place | null {
  const last = page.length === size ? page.at(-1) : undefined
  if (!last) return null
  const { id, position, dueOn, dueTime } = last
  return { id, position, dueOn, dueTime }
}

async function run(db: UserDatabase, change: Change): Promise<ChangedTodo[]> {
  switch (change.type) {
    case 'add': {
      const { id, listId, task, due } = change
      return [await todos.addTodo(db, { id, listId, task, ...due })]
    }
    case 'add-many': {
      const added = await todos.insertTodos(db, change.todos)
      // Sent before, and the answer was lost: they are there.
      if (added.length === change.todos.length) return added
      return findTodos(
        db,
        change.todos.map(({ id }) => id),
      )
    }
    case 'note':
      return oneOrNone(await todos.setTodoNotes(db, change.id, change.notes))
    case 'due':
      return oneOrNone(await todos.setTodoDue(db, change.id, change))
    case 'move':
      return oneOrNone(await todos.moveTodo(db, change.id, { position: change.position }))
    case 'due-many':
      return setDueOfTodos(db, change.ids, change)
    case 'move-many':
      return moveTodos(db, change.moved)
    case 'rename':
      return oneOrNone(await todos.renameTodo(db, change.id, change.task))
    case 'complete':
      return oneOrNone(await todos.setTodoComplete(db, change.id, change.isComplete))
    case 'delete':
      return oneOrNone(await todos.deleteTodo(db, change.id))
    case 'complete-many':
      return todos.setTodosComplete(db, change.ids, change.isComplete)
    case 'delete-many':
      return todos.deleteTodos(db, change.ids)
    case 'complete-all':
      return todos.setAllComplete(db, change.isComplete, change.view)
    case 'clear-completed':
      return todos.clearCompleted(db, change.view)
    case 'restore':
      return todos.insertTodos(db, change.todos)
  }
}

const oneOrNone = (todo: ChangedTodo | undefined) => (todo ? [todo] : [])
