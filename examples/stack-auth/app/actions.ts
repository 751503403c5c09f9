'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { addTodo, deleteTodo, toggleTodo, type Database } from '../../todos/queries'
import { currentUser, signIn, signOut, signUp, type Credentials } from '../lib/auth'
import { connect } from '../lib/db'
import type { Attempt } from './credentials-form'

export async function enter(_: Attempt, form: FormData): Promise<Attempt> {
  return begin(signIn, form)
}

export async function join(_: Attempt, form: FormData): Promise<Attempt> {
  return begin(signUp, form)
}

export async function leave() {
  await signOut()
  redirect('/')
}

export async function add(form: FormData) {
  await change((db) => addTodo(db, text(form, 'task')))
}

export async function toggle(id: string) {
  await change((db) => toggleTodo(db, id))
}

export async function remove(id: string) {
  await change((db) => deleteTodo(db, id))
}

async function begin(
  attempt: (credentials: Credentials) => Promise<string | undefined>,
  form: FormData,
): Promise<Attempt> {
  const email = text(form, 'email')
  const problem = await attempt({ email, password: text(form, 'password') })
  if (problem === undefined) redirect('/')
  return { problem, email }
}

async function change(run: (db: Database) => Promise<void>) {
  const user = await currentUser()
  if (!user) redirect('/')
  await run(connect(user.token))
  revalidatePath('/')
}

function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
