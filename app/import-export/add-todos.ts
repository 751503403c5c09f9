/** Adds planned todos, also those whose ids another user's todos have. */
import type { WholeTodo } from '@/db/queries/todos'
import { succeeded, type Result } from '@/lib/problem'
import { idFrom } from './todo-ids'

/** Ids: which of the todos were added, and which the user had already. */
export type Added = { added: string[]; present: string[] }
export type AddBatch = (batch: WholeTodo[]) => Promise<Result<Added>>

/**
 * Returns a function that adds a batch and says how many todos it added. A file that was passed on has ids of its
 * first owner's todos, which the database neither adds nor shows: they get ids of this user's own.
 */
export function addTodosOf(userId: string, add: AddBatch) {
  return async (batch: WholeTodo[]): Promise<Result<number>> => {
    const first = await add(batch)
    if (!first.ok) return first
    const mine = new Set([...first.value.added, ...first.value.present])
    const others = batch.filter(({ id }) => !mine.has(id))
    if (others.length === 0) return succeeded(first.value.added.length)
    const renamed = await Promise.all(
      others.map(async (todo) => ({ ...todo, id: await idFrom(userId, todo.id) })),
    )
    const second = await add(renamed)
    return second.ok ? succeeded(first.value.added.length + second.value.added.length) : second
  }
}
