/** What the page does with SQL that it sends itself, as the user of a token. */
import type { AddBatch } from '@/app/import-export/add-todos'
import * as imports from '@/app/import-export/perform-add'
import { rememberStatements } from '@/app/shell/sql/recent-statements'
import type { Change } from '@/app/todos/change'
import * as todos from '@/app/todos/perform-change'
import type { BeginRequest, PageRequest } from '@/app/todos/query-schema'
import type { OnChange } from '@/app/todos/todo-source'
import type { AsUser } from '@/lib/auth/use-as-user'
import { browserDb } from '@/lib/sql/browser-db'
import { liveQuery } from '@/lib/sql/live'

export const loadPage = (token: string, request: PageRequest) =>
  todos.loadPage(database(token), request)

export const loadNotes = (token: string, id: string) => todos.loadNotes(database(token), id)

export const loadWhole = (token: string, request: PageRequest) =>
  todos.loadWhole(browserDb(token), request)

export const performChange = (token: string, change: Change) =>
  todos.performChange(database(token), change)

export const performAdd = (token: string, batch: Parameters<AddBatch>[0]) =>
  imports.performAdd(database(token), batch)

/** The todos come by themselves, without a request. */
export const listen = (asUser: AsUser, request: BeginRequest, onChange: OnChange) =>
  liveQuery({ userDb: browserDb, asUser, query: todos.livePage(request), onAnswer: onChange })

/** The drawer shows what was sent. */
const database = (token: string) =>
  browserDb(token, (statement) => {
    rememberStatements('browser', [statement])
  })
