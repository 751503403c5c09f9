/** What the page does with SQL that it sends itself, as the user of a token. */
import type { AddBatch } from '@/app/import-export/add-todos'
import * as imports from '@/app/import-export/perform-add'
import { rememberStatements } from '@/app/shell/sql/recent-statements'
import type { Change } from '@/app/todos/change'
import * as todos from '@/app/todos/perform-change'
import type { PageRequest } from '@/app/todos/query-schema'
import { todosDigest } from '@/db/queries/digest'
import type { AsUser } from '@/lib/auth/use-as-user'
import { browserDb } from '@/lib/sql/browser-db'
import { liveQuery } from '@/lib/sql/live'

export const loadPage = (token: string, request: PageRequest) =>
  todos.loadPage(database(token), request)

export const performChange = (token: string, change: Change) =>
  todos.performChange(database(token), change)

export const performAdd = (token: string, batch: Parameters<AddBatch>[0]) =>
  imports.performAdd(database(token), batch)

export const listen = (asUser: AsUser, onChange: () => void) =>
  liveQuery({ userDb: browserDb, query: todosDigest, asUser, onAnswer: onChange })

/** The drawer shows what was sent. */
const database = (token: string) =>
  browserDb(token, (statement) => {
    rememberStatements('browser', [statement])
  })
