/**
 * What a screen asks for: one view of the todos, filtered, in pages. `db/queries/views.ts` says the same in SQL; here
 * it decides where a change belongs that the database has not answered yet.
 */
import type { Counts, StoredTodo, Todo } from '@/db/queries/todos'
import type { Place, View } from '@/db/queries/views'
import { matches } from './filter'
import type { TodoQuery } from './query-schema'
import { hasWords } from './search/search-words'

/** Counts are of the whole view, whatever the filter. */
export type TodoPage = { todos: Todo[]; next: Place | null; counts: Counts }

export type WholePage = { todos: StoredTodo[]; next: Place | null }

/** Pages double, so that the first HTML stays below 100 kB, and reading 5,000 todos again takes ten requests. */
export const FIRST_PAGE = 22
const LARGEST_PAGE = 1000
export const sizeAfter = (size: number) => Math.min(2 * size, LARGEST_PAGE)

/** Longer lists are read again, page by page: their todos would all be sent for each change. */
export const MOST_LIVE_TODOS = 200

/** The list that todos which are added in a view go to; null is the user's own private list. */
export const listOf = (view: View) => (view.name === 'list' ? view.listId : null)

export function isInView(view: View, todo: Todo): boolean {
  const { listId, dueOn, isComplete } = todo
  switch (view.name) {
    case 'mine':
      return listId === null
    case 'list':
      return listId === view.listId
    case 'today':
      return dueOn === view.day || (dueOn !== null && dueOn < view.day && !isComplete)
    case 'upcoming':
      return dueOn !== null && dueOn > view.day
    case 'completed':
      return isComplete
    case 'search':
      return hasWords(todo, view.words)
  }
}

/** Whether a todo belongs to what a query asks for. */
export function belongs({ view, filter }: TodoQuery, todo: Todo): boolean {
  return isInView(view, todo) && matches(filter, todo)
}

/** The order of a view. The database compares bytes (collation "C"), and all of this is ASCII. */
export function inOrder({ name }: View): (a: Place, b: Place) => number {
  const keys = ({ dueOn, dueTime, position, id }: Place) =>
    name === 'today' || name === 'upcoming'
      ? [dueOn ?? '', dueTime ?? '00:00', position, id]
      : [position, id]
  return (a, b) => {
    const others = keys(b)
    for (const [i, key] of keys(a).entries()) {
      const other = others[i] ?? ''
      if (key !== other) return key < other ? -1 : 1
    }
    return 0
  }
}
