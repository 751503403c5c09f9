'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { addTodo, deleteTodo, toggleTodo, type Database } from '../../todos/queries'
import { currentUser } from '../lib/auth'
import { connect } from '../lib/db'

export async function add(form: FormData) {
  const task = form.get('task')
  if (typeof task === 'string') await change((db) => addTodo(db, task))
}

export async function toggle(id: string) {
  await change((db) => toggleTodo(db, id))
}

export async function remove(id: string) {
  await change((db) => deleteTodo(db, id))
}

async function change(run: (db: Database) => Promise<void>) {
  const user = await currentUser()
  if (!user) redirect('/')
  await run(connect(user.token))
  revalidatePath('/')
}
