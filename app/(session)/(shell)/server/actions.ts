'use server'
/** The server actions for todos. All arguments are untrusted. */

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { changeSchema } from '@/app/todos/change'
import { performChange } from '@/app/todos/perform-change'
import type { Todo } from '@/db/queries/todos'
import { failed, mayHaveChanged, type Result } from '@/lib/problem'
import { serverDb } from '@/lib/sql/server-db'
import { currentSession } from '@/lib/auth/session'

/** Performs one change as the signed-in user. The database decides which rows are theirs. */
export async function changeTodos(input: unknown): Promise<Result<Todo[]>> {
  const change = changeSchema.safeParse(input)
  if (!change.success) return failed('refused')
  const session = await currentSession()
  if (!session) return failed('signed-out')
  const result = await performChange(serverDb(session.token), change.data)
  if (result.ok || mayHaveChanged(result.problem)) revalidatePath('/server')
  return result
}

/** For the form of a page without JavaScript. */
export async function addTodo(form: FormData): Promise<void> {
  const task = form.get('task')
  const result = await changeTodos({ type: 'add', task: typeof task === 'string' && task.trim() })
  // Signed out meanwhile: the page redirects to sign-in.
  if (result.ok || result.problem === 'signed-out') redirect('/server')
  throw new Error(`The todo was not added: ${result.problem}.`)
}
