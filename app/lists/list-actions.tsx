'use client'

import { EllipsisIcon, LogOutIcon, PencilIcon, Trash2Icon } from 'lucide-react'
import { Button } from '@/app/components/ui/button'
import { Menu, MenuItem } from '@/app/components/ui/menu'
import type { ListDetails } from '@/db/queries/lists'

type Choice = 'rename' | 'leave' | 'delete'

/** What the database lets the user do with a list, in a menu. */
export function ListActions({
  list,
  onChoose,
}: {
  list: ListDetails
  onChoose: (choice: Choice) => void
}) {
  const label = `Actions for ${list.name}`
  const choose = (choice: Choice) => ({
    onSelect: () => {
      onChoose(choice)
    },
  })
  return (
    <Menu
      label={label}
      trigger={
        <Button variant="ghost" size="icon" aria-label={label}>
          <EllipsisIcon aria-hidden />
        </Button>
      }
    >
      {list.mayOwn && (
        <MenuItem {...choose('rename')}>
          <PencilIcon aria-hidden /> Rename…
        </MenuItem>
      )}
      {list.mayLeave && (
        <MenuItem {...choose('leave')}>
          <LogOutIcon aria-hidden /> Leave…
        </MenuItem>
      )}
      {list.mayOwn && (
        <MenuItem isDestructive {...choose('delete')}>
          <Trash2Icon aria-hidden /> Delete…
        </MenuItem>
      )}
    </Menu>
  )
}
