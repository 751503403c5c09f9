'use client'

import { useMayEdit } from '@/app/lists/may-edit'
import type { Todo } from '@/db/queries/todos'
import type { Act } from '@/app/todos/use-act'
import { changesOfMany } from './changes-of-many'
import { MoveMenu } from './move-menu'
import { moveToList } from './move-to-list'
import { SelectionBar } from './selection-bar'
import type { Selecting } from './use-selection'

type Props = { todos: readonly Todo[]; selecting: Selecting; act: Act }

/** What is done with the selected todos, and the selection ends with. Loaded with the first selection. */
export default function SelectedTodos({ todos, selecting, act }: Props) {
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
      onComplete={thenRelease(() => {
        many.complete(selected)
      })}
      onToday={thenRelease(() => {
        many.dueToday(selected)
      })}
      onDelete={thenRelease(() => {
        many.delete(selected)
      })}
      onRelease={selecting.release}
    >
      <MoveMenu
        todos={selected}
        onMove={(list) => {
          moveToList(act, selected, list)
          selecting.release()
        }}
      />
    </SelectionBar>
  )
}
