/** The app’s API, which knows the session by its cookies. */
import type { Todo } from '../../todos/queries'
import { isSignedIn } from './auth'

export type List = { email: string; todos: Todo[] }

/** Null for someone who is signed out. */
export async function readList(): Promise<List | null> {
  // Without asking, where the answer is known.
  if (!(await isSignedIn())) return null
  const response = await call('GET')
  return response.status === 401 ? null : ((await response.json()) as List)
}

export const addTodo = (task: string) => call('POST', '', { task })
export const toggleTodo = (id: string) => call('PATCH', `/${id}`)
export const deleteTodo = (id: string) => call('DELETE', `/${id}`)

async function call(method: string, path = '', body?: object): Promise<Response> {
  const response = await fetch(`/api/todos${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!response.ok && response.status !== 401) {
    throw new Error(`The API answered ${response.status}.`)
  }
  return response
}
