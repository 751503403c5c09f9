/** How the screen changes todos: into the outbox, with an offer to undo what takes something out of sight. */
import { useCallback } from 'react'
import type { Todo } from '@/db/queries/todos'
import type { Change } from './change'
import { useTodoStore } from './todos-provider'

/**
 * @param todo the changed todo, if it is one
 * @param undoLabel what was done, such as “Deleted …”; without it nothing can be undone
 */
export type Act = (change: Change, todo?: Todo | null, undoLabel?: string) => void

export function useAct(): Act {
  const { outbox, undo } = useTodoStore()
  return useCallback(
    (change, todo, undoLabel) => {
      const { id } = outbox.add(change, todo?.task ?? '')
      if (undoLabel === undefined) return
      const before = new Map(todo ? [[todo.id, todo]] : [])
      undo.offer({ id, label: undoLabel, change, before })
    },
    [outbox, undo],
  )
}
