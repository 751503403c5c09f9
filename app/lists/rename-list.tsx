'use client'

import { useRef } from 'react'
import { Input } from '@/app/components/ui/input'
import type { ListDetails } from '@/db/queries/lists'
import { ActDialog } from './act-dialog'
import { useAct } from './use-act'

type Props = { list: ListDetails; onClose: () => void }

export function RenameList({ list, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const { act, isBusy, failure } = useAct()

  async function rename() {
    const result = await act('renameList', { listId: list.id, name: field.current?.value ?? '' })
    if (result.ok) onClose()
  }

  return (
    <ActDialog
      title={`Rename “${list.name}”`}
      action="Rename"
      isBusy={isBusy}
      failure={failure}
      onAct={rename}
      onClose={onClose}
    >
      <Input
        ref={field}
        aria-label="Name of the list"
        defaultValue={list.name}
        autoFocus
        required
        autoComplete="off"
        dir="auto"
        onFocus={({ target }) => {
          target.select()
        }}
      />
    </ActDialog>
  )
}
