'use client'

import type { ListDetails } from '@/db/queries/lists'
import { ActDialog } from './act-dialog'
import { useAct } from './use-act'

type Props = { list: ListDetails; onClose: () => void; onDone: () => void }

export function LeaveList({ list, onClose, onDone }: Props) {
  const { act, isBusy, failure } = useAct()

  async function leave() {
    const result = await act('leaveList', { listId: list.id })
    if (result.ok) onDone()
  }

  return (
    <ActDialog
      title={`Leave “${list.name}”?`}
      description="You will no longer see this list. The todos that you added stay in it. To come back, you need a link or an invitation."
      action="Leave the list"
      isDestructive
      isBusy={isBusy}
      failure={failure}
      onAct={leave}
      onClose={onClose}
    />
  )
}
