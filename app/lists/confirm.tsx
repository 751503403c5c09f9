'use client'

import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'

type Props = {
  question: ReactNode
  /** What the button does, in words: never just “OK”. */
  action: string
  isBusy: boolean
  onConfirm: () => void
  onCancel: () => void
}

/** Asks before what cannot be undone, in the place where it was asked for. */
export function Confirm({ question, action, isBusy, onConfirm, onCancel }: Props) {
  return (
    <div role="group" aria-label={action} className="grid gap-3 rounded-lg border bg-muted p-4">
      <p className="text-sm text-pretty wrap-anywhere">{question}</p>
      <div className="flex flex-wrap gap-2">
        <Button autoFocus variant="outline" disabled={isBusy} onClick={onCancel}>
          Cancel
        </Button>
        <Button variant="destructive" disabled={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </div>
  )
}
