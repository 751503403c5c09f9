/** Makes todos of what was read: each with an id that the same file will give it again, a list and a position. */
import type { WholeTodo } from '@/db/queries/todos'
import { lastPosition, positionsBetween } from '@/app/todos/reorder/position'
import type { FileTodo } from './read-file'
import { idsFor } from './todo-ids'

type Target = {
  userId: string
  /** For todos whose list is not named, or not one that the user may add to. */
  listId: string | null
  editableLists: ReadonlySet<string>
}

export async function planImport(
  todos: readonly FileTodo[],
  { userId, listId, editableLists }: Target,
  now = Date.now(),
): Promise<WholeTodo[]> {
  const ids = await idsFor(userId, todos)
  const positions = positionsBetween([lastPosition(now)], [], todos.length)
  return todos.map((todo, index) => ({
    ...todo,
    id: ids[index] ?? '',
    position: positions[index] ?? '',
    listId: todo.listId !== null && editableLists.has(todo.listId) ? todo.listId : listId,
  }))
}
