'use client'

import { useMayEdit } from '@/app/lists/may-edit'
import type { Todo } from '@/db/queries/todos'
import type { Act } from '@/app/todos/use-act'
import { changesOfMany } from './changes-of-many'
import { SelectionBar } from './selection-bar'
import type { Selecting } from './use-selection'
import { useTargetLists } from './use-target-lists'

type Props = { todos: readonly Todo[]; selecting: Selecting; act: Act }

/** What is done with the selected todos, and the selection ends with. Loaded with the first selection. */
export default function SelectedTodos({ todos, selecting, act }: Props) {
  const lists = useTargetLists()
  const many = changesOfMany(act)
  const mayEdit = useMayEdit()
  const selected = todos.filter(({ id, listId }) => selecting.ids.has(id) && mayEdit(listId))

  const thenRelease = (change: () => void) => () => {
    change()
    selecting.release()
  }

  return (
    <SelectionBar
      count={selected.length}
      lists={lists.filter(({ id }) => selected.some(({ listId }) => listId !== id))}
      onComplete={thenRelease(() => {
        many.complete(selected)
      })}
      onToday={thenRelease(() => {
        many.dueToday(selected)
      })}
      onDelete={thenRelease(() => {
        many.delete(selected)
      })}
      onMove={(listId) => {
        const name = lists.find(({ id }) => id === listId)?.name ?? ''
        many.moveTo(selected, listId, name)
        selecting.release()
      }}
      onRelease={selecting.release}
    />
  )
}
