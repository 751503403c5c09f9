'use client'

import type { ListDetails } from '@/db/queries/lists'
import { ActDialog } from './act-dialog'
import { counted } from './counted'
import { useAct } from './use-act'

type Props = { list: ListDetails; onClose: () => void; onDone: () => void }

/** Says what goes with the list before it goes: its todos, for everyone in it. */
export function DeleteList({ list, onClose, onDone }: Props) {
  const { act, isBusy, failure } = useAct()
  const others = list.memberCount - 1
  const forWhom = others > 0 ? ` for you and ${counted(others, 'other member')}` : ''

  async function remove() {
    const result = await act('deleteList', { listId: list.id })
    if (result.ok) onDone()
  }

  return (
    <ActDialog
      title={`Delete “${list.name}”?`}
      description={`The list and its ${counted(list.todoCount, 'todo')} are deleted${forWhom}. This cannot be undone.`}
      action="Delete the list"
      isDestructive
      isBusy={isBusy}
      failure={failure}
      onAct={remove}
      onClose={onClose}
    />
  )
}
