/** Where a screen's todos come from and go to: the only difference between /server and /browser. */
import type { AddBatch } from '@/app/import-export/add-todos'
import type { Result } from '@/lib/problem'
import type { Change, ChangedTodo } from './change'
import type { TodoPage, WholePage } from './query'
import type { BeginRequest, PageRequest } from './query-schema'

/** None of the functions throws. */
export type TodoSource = {
  readonly loadPage: (request: PageRequest) => Promise<Result<TodoPage>>
  /** Of one todo: a page has only the beginning of them. */
  readonly loadNotes: (id: string) => Promise<Result<string>>
  /** A page with all notes, for an export. */
  readonly loadWhole: (request: PageRequest) => Promise<Result<WholePage>>
  /** Performs a change and returns the rows that it changed, inserted or deleted, never the list. */
  readonly save: (change: Change) => Promise<Result<ChangedTodo[]>>
  /** Adds a batch of an import, and says which todos were there already. */
  readonly add: AddBatch
  /** Calls the listener whenever todos may have changed in the database, until the returned function is called. */
  readonly listen: (request: BeginRequest, onChange: OnChange) => () => void
}

/** With what was asked for, as it is now; null where that has to be read. */
export type OnChange = (page: TodoPage | null) => void
