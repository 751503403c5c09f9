/** The source of a list and of its changes: the only difference between /server and /browser. */
import type { Todo } from '@/db/queries/todos'
import type { Result } from '@/lib/problem'
import type { Change } from './change'

/**
 * Performs a change and returns the affected rows. It never throws. After a success, `todos` is up to date by
 * the end of the transition that it was called in.
 */
export type SaveChange = (change: Change) => Promise<Result<Todo[]>>

export type TodoSource = { todos: Todo[]; save: SaveChange }
