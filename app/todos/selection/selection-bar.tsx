'use client'

import { CheckIcon, SunIcon, Trash2Icon, XIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'

type Props = {
  count: number
  onComplete: () => void
  onToday: () => void
  onDelete: () => void
  onRelease: () => void
  /** What else there is. */
  children: ReactNode
}

/** What can be done with the selected todos. It stays in sight at the bottom, where a thumb reaches it. */
export function SelectionBar({ count, onComplete, onToday, onDelete, onRelease, children }: Props) {
  return (
    <div
      role="toolbar"
      aria-label="Selected todos"
      className="sticky bottom-0 z-10 flex flex-wrap items-center gap-1 border-t bg-popover p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] text-popover-foreground shadow-lg sm:px-3"
    >
      <Button variant="ghost" size="icon" aria-label="Release the selection" onClick={onRelease}>
        <XIcon aria-hidden />
      </Button>
      <p role="status" className="mr-auto text-sm tabular-nums">
        {count} selected
      </p>
      <Button variant="ghost" className="px-3" disabled={count === 0} onClick={onComplete}>
        <CheckIcon aria-hidden />
        Complete
      </Button>
      <Button variant="ghost" className="px-3" disabled={count === 0} onClick={onToday}>
        <SunIcon aria-hidden />
        Today
      </Button>
      {children}
      <Button
        variant="ghost"
        className="px-3 text-destructive"
        disabled={count === 0}
        onClick={onDelete}
      >
        <Trash2Icon aria-hidden />
        Delete
      </Button>
    </div>
  )
}
