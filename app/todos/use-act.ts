/** How the screen changes todos: into the outbox, with an offer to undo what takes something out of sight. */
import { useCallback } from 'react'
import type { Todo } from '@/db/queries/todos'
import type { Change } from './change'
import { useTodoStore } from './todos-provider'

/**
 * @param changed the changed todo or todos as they are, which undo goes back to
 * @param undoLabel what was done, such as “Deleted …”; without it nothing can be undone
 */
export type Act = (
  change: Change,
  changed?: Todo | readonly Todo[] | null,
  undoLabel?: string,
) => void

export function useAct(): Act {
  const { outbox, undo } = useTodoStore()
  return useCallback(
    (change, changed, undoLabel) => {
      const todos = [changed ?? []].flat()
      const { id } = outbox.add(change, todos.length === 1 ? (todos[0]?.task ?? '') : '')
      if (undoLabel === undefined) return
      const before = new Map(todos.map((todo) => [todo.id, todo]))
      undo.offer({ id, label: undoLabel, change, before })
    },
    [outbox, undo],
  )
}
