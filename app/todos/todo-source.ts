/** Where a screen's todos come from and go to: the only difference between /server and /browser. */
import type { Todo } from '@/db/queries/todos'
import type { Result } from '@/lib/problem'
import type { Change } from './change'
import type { TodoPage } from './query'
import type { PageRequest } from './query-schema'

/** Neither function throws. */
export type TodoSource = {
  readonly loadPage: (request: PageRequest) => Promise<Result<TodoPage>>
  /** Performs a change and returns the rows that it changed, inserted or deleted, never the list. */
  readonly save: (change: Change) => Promise<Result<Todo[]>>
}
