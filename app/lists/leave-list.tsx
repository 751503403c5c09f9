'use client'

import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import type { ListDetails } from '@/db/queries/lists'
import { FailureNote } from './failure-note'
import { useAct } from './use-act'

type Props = { list: ListDetails; onClose: () => void; onDone: () => void }

export function LeaveList({ list, onClose, onDone }: Props) {
  const { act, isBusy, failure } = useAct()

  async function leave() {
    const result = await act('leaveList', { listId: list.id })
    if (result.ok) onDone()
  }

  return (
    <Dialog
      title={`Leave “${list.name}”?`}
      description="You will no longer see this list. The todos that you added stay in it. To come back, you need a link or an invitation."
      onClose={onClose}
    >
      <FailureNote failure={failure} />
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" size="lg" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="destructive" size="lg" disabled={isBusy} onClick={() => void leave()}>
          Leave the list
        </Button>
      </div>
    </Dialog>
  )
}
