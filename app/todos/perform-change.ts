/** Performs a change as one statement, on the server's or the browser's database. */
import * as todos from '@/db/queries/todos'
import type { UserDatabase } from '@/lib/sql/connect'
import { failed, succeeded, type Result } from '@/lib/problem'
import { sqlProblem } from '@/lib/sql/sql-problem'
import type { Change } from './change'

/**
 * Returns the changed rows, and never throws. A change to one todo that finds none (deleted meanwhile, or
 * another user's: the database does not say which) is `gone`.
 */
export async function performChange(
  db: UserDatabase,
  change: Change,
): Promise<Result<todos.Todo[]>> {
  try {
    const rows = await run(db, change)
    return 'id' in change && rows.length === 0 ? failed('gone') : succeeded(rows)
  } catch (error) {
    return failed(sqlProblem(error))
  }
}

/** Returns all todos of the user, and never throws either. */
export async function loadTodos(db: UserDatabase): Promise<Result<todos.Todo[]>> {
  try {
    return succeeded(await todos.listTodos(db))
  } catch (error) {
    return failed(sqlProblem(error))
  }
}

async function run(db: UserDatabase, change: Change): Promise<todos.Todo[]> {
  switch (change.type) {
    case 'add':
      return [await todos.addTodo(db, { task: change.task })]
    case 'rename':
      return oneOrNone(await todos.renameTodo(db, change.id, change.task))
    case 'complete':
      return oneOrNone(await todos.setTodoComplete(db, change.id, change.isComplete))
    case 'delete':
      return oneOrNone(await todos.deleteTodo(db, change.id))
    case 'complete-all':
      return todos.setAllComplete(db, change.isComplete)
    case 'clear-completed':
      return todos.clearCompleted(db)
  }
}

const oneOrNone = (todo: todos.Todo | undefined) => (todo ? [todo] : [])
