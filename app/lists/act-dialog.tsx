'use client'

import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { FailureNote } from './failure-note'

type Props = {
  title: string
  description?: string
  /** What its button does, in words: never just “OK”. */
  action: string
  /** Cannot be undone: then, Enter cancels. */
  isDestructive?: boolean
  isBusy: boolean
  failure: string | null
  onAct: () => Promise<void>
  onClose: () => void
  /** The fields. */
  children?: ReactNode
}

/** A dialog that does one thing or nothing. It stays open, and says why, when that failed. */
export function ActDialog({
  title,
  description,
  action,
  isDestructive = false,
  isBusy,
  failure,
  onAct,
  onClose,
  children,
}: Props) {
  const act = (
    <Button
      key="act"
      type="submit"
      size="lg"
      variant={isDestructive ? 'destructive' : 'primary'}
      disabled={isBusy}
    >
      {action}
    </Button>
  )
  const cancel = (
    <Button key="cancel" variant="outline" size="lg" autoFocus={isDestructive} onClick={onClose}>
      Cancel
    </Button>
  )
  return (
    <Dialog title={title} description={description} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void onAct()
        }}
      >
        <FailureNote failure={failure} />
        {children}
        <div className="flex flex-wrap gap-2">{isDestructive ? [cancel, act] : [act, cancel]}</div>
      </form>
    </Dialog>
  )
}
