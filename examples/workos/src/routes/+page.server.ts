import { redirect } from '@sveltejs/kit'
import { addTodo, deleteTodo, listTodos, toggleTodo, type Database } from '../../../todos/queries'
import { connect } from '$lib/db'
import type { Action, Actions, PageServerLoad } from './$types'

// Forms do all of it, so no script is sent.
export const csr = false

export const load: PageServerLoad = async ({ locals: { auth } }) => {
  if (!auth.user || !auth.accessToken) return {}
  return { email: auth.user.email, todos: await listTodos(connect(auth.accessToken)) }
}

export const actions: Actions = {
  add: change(addTodo, 'task'),
  toggle: change(toggleTodo, 'id'),
  delete: change(deleteTodo, 'id'),
}

/** A form with one field, whose answer leads back to the list: a reload sends nothing again. */
function change(run: (db: Database, value: string) => Promise<void>, field: string): Action {
  return async ({ locals: { auth }, request }) => {
    const value = (await request.formData()).get(field)
    if (auth.accessToken && typeof value === 'string') await run(connect(auth.accessToken), value)
    redirect(303, '/')
  }
}
