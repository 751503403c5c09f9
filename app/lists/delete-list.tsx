'use client'

import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import type { ListDetails } from '@/db/queries/lists'
import { counted } from './counted'
import { FailureNote } from './failure-note'
import { useAct } from './use-act'

type Props = { list: ListDetails; onClose: () => void; onDone: () => void }

/** Says what goes with the list before it goes: its todos, for everyone in it. */
export function DeleteList({ list, onClose, onDone }: Props) {
  const { act, isBusy, failure } = useAct()
  const others = list.memberCount - 1
  const todos =
    list.todoCount === 1 ? 'its 1 todo' : `its ${list.todoCount.toLocaleString('en')} todos`

  async function remove() {
    const result = await act('deleteList', { listId: list.id })
    if (result.ok) onDone()
  }

  return (
    <Dialog
      title={`Delete “${list.name}”?`}
      description={`The list and ${todos} are deleted${others > 0 ? ` for you and ${counted(others, 'other member')}` : ''}. This cannot be undone.`}
      onClose={onClose}
    >
      <FailureNote failure={failure} />
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" size="lg" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="destructive" size="lg" disabled={isBusy} onClick={() => void remove()}>
          Delete the list
        </Button>
      </div>
    </Dialog>
  )
}
