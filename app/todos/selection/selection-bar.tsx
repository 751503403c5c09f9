'use client'

import { CheckIcon, FolderInputIcon, SunIcon, Trash2Icon, XIcon } from 'lucide-react'
import { Button } from '@/app/components/ui/button'
import { Menu, MenuItem } from '@/app/components/ui/menu'

export type TargetList = { id: string | null; name: string }

type Props = {
  count: number
  /** Where the selected todos can be moved to. */
  lists: readonly TargetList[]
  onComplete: () => void
  onToday: () => void
  onMove: (listId: string | null) => void
  onDelete: () => void
  onRelease: () => void
}

/** What can be done with the selected todos. It stays in sight at the bottom, where a thumb reaches it. */
export function SelectionBar({
  count,
  lists,
  onComplete,
  onToday,
  onMove,
  onDelete,
  onRelease,
}: Props) {
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
      {lists.length > 0 && (
        <Menu
          label="Move to"
          trigger={
            <Button variant="ghost" className="px-3" disabled={count === 0}>
              <FolderInputIcon aria-hidden />
              Move
            </Button>
          }
        >
          {lists.map(({ id, name }) => (
            <MenuItem
              key={id ?? 'mine'}
              onSelect={() => {
                onMove(id)
              }}
            >
              <span dir="auto">{name}</span>
            </MenuItem>
          ))}
        </Menu>
      )}
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
