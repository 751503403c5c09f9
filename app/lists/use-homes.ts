/** Where todos can be moved to, as the database says: the private list first, and none that all of them are in. */
import type { Todo } from '@/db/queries/todos'
import type { Problem } from '@/lib/problem'
import { useAnswer } from './use-answer'

/** `id` is null for the private list. */
export type Home = { readonly id: string | null; readonly name: string }

export function useHomes(todos: readonly Todo[]): {
  /** Null until they are known. */
  homes: readonly Home[] | null
  problem: Problem | null
} {
  const { answer, problem } = useAnswer('homes', { ids: todos.map(({ id }) => id) })
  if (!answer) return { homes: null, problem }
  const mine = answer.mayBePrivate ? [{ id: null, name: 'My todos' }] : []
  const homes = [...mine, ...answer.lists]
  return { homes: homes.filter(({ id }) => todos.some(({ listId }) => listId !== id)), problem }
}
