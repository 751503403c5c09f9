/** Moves todos to the end of a list, in their order: one statement, and one step of undo. */
import type { Home } from '@/app/lists/use-homes'
import { lastPosition, positionsBetween } from '@/app/todos/reorder/position'
import type { Act } from '@/app/todos/use-act'
import type { Todo } from '@/db/queries/todos'
import { named } from './changes-of-many'

export function moveToList(act: Act, todos: readonly Todo[], list: Home): void {
  const changed = todos.filter((todo) => todo.listId !== list.id)
  if (changed.length === 0) return
  const positions = positionsBetween([lastPosition()], [], changed.length)
  const moved = changed.map(({ id }, index) => ({
    id,
    listId: list.id,
    position: positions[index] ?? lastPosition(),
  }))
  act({ type: 'move-many', moved }, changed, `Moved ${named(changed)} to ${list.name}`)
}
