'use server'
/** The server actions for todos. All arguments are untrusted; the database decides which rows are the user's. */

import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { Added } from '@/app/import-export/add-todos'
import { batchSchema } from '@/app/import-export/batch-schema'
import { performAdd } from '@/app/import-export/perform-add'
import { changeSchema, type Change, type ChangedTodo } from '@/app/todos/change'
import { changeOfForm, hereOf } from '@/app/todos/change-of-form'
import { restOf } from '@/app/todos/outbox/rest-of'
import { loadNotes, loadPage, loadWhole, performChange } from '@/app/todos/perform-change'
import type { TodoPage, WholePage } from '@/app/todos/query'
import { pageRequestSchema } from '@/app/todos/query-schema'
import { currentSession } from '@/lib/auth/session'
import { failed, type Problem, type Result } from '@/lib/problem'
import { observed, type Observed } from '@/lib/sql/observed'
import { serverDb } from '@/lib/sql/server-db'

/** Performs one change as the signed-in user, and answers with the rows that it changed. */
export async function changeTodos(input: unknown): Promise<Observed<Result<ChangedTodo[]>>> {
  const change = changeSchema.safeParse(input)
  if (!change.success) return unsent('refused')
  const session = await currentSession()
  if (!session) return unsent('signed-out')
  return observed(session.token, (db) => performChange(db, change.data))
}

export async function loadTodos(input: unknown): Promise<Observed<Result<TodoPage>>> {
  const request = pageRequestSchema.safeParse(input)
  if (!request.success) return unsent('refused')
  const session = await currentSession()
  if (!session) return unsent('signed-out')
  return observed(session.token, (db) => loadPage(db, request.data))
}

/** A page with all notes, for an export. */
export async function loadWholeTodos(input: unknown): Promise<Result<WholePage>> {
  const request = pageRequestSchema.safeParse(input)
  if (!request.success) return failed('refused')
  const session = await currentSession()
  if (!session) return failed('signed-out')
  return loadWhole(serverDb(session.token), request.data)
}

export async function loadNotesOf(input: unknown): Promise<Observed<Result<string>>> {
  const id = z.uuid().safeParse(input)
  if (!id.success) return unsent('refused')
  const session = await currentSession()
  if (!session) return unsent('signed-out')
  return observed(session.token, (db) => loadNotes(db, id.data))
}

/** Adds a batch of an import. */
export async function addBatch(input: unknown): Promise<Result<Added>> {
  const batch = batchSchema.safeParse(input)
  if (!batch.success) return failed('refused')
  const session = await currentSession()
  if (!session) return failed('signed-out')
  return performAdd(serverDb(session.token), batch.data)
}

/** For the forms of a page whose JavaScript has not loaded, or never will. */
export async function changeByForm(form: FormData): Promise<void> {
  const change = changeOfForm(form)
  const result = change ? await changeWhole(change) : failed('invalid-task')
  const here = hereOf(form)
  // Signed out meanwhile: the page redirects to sign-in.
  if (result.ok || result.problem === 'signed-out') redirect(here)
  redirect(`${here}${here.includes('?') ? '&' : '?'}problem=${result.problem}`)
}

/** Also what takes more than one request. */
async function changeWhole(change: Change): Promise<Result<ChangedTodo[]>> {
  const { result } = await changeTodos(change)
  const rest = result.ok ? restOf(change, result.value) : null
  return rest === null ? result : changeWhole(rest)
}

/** A failure before anything was sent to the database. */
function unsent(problem: Problem): Observed<ReturnType<typeof failed>> {
  return { result: failed(problem), statements: [] }
}
