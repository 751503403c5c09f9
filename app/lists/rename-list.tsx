'use client'

import { useRef, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { Input } from '@/app/components/ui/input'
import type { ListDetails } from '@/db/queries/lists'
import { FailureNote } from './failure-note'
import { useAct } from './use-act'

type Props = { list: ListDetails; onClose: () => void }

export function RenameList({ list, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const { act, isBusy, failure } = useAct()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const result = await act('renameList', { listId: list.id, name: field.current?.value ?? '' })
    if (result.ok) onClose()
  }

  return (
    <Dialog title={`Rename “${list.name}”`} onClose={onClose}>
      <form className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <FailureNote failure={failure} />
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
        <div className="flex flex-wrap gap-2">
          <Button type="submit" size="lg" disabled={isBusy}>
            Rename
          </Button>
          <Button variant="outline" size="lg" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
