/** What the menu of a todo offers for lists. */
import { FlagIcon, FolderInputIcon } from 'lucide-react'
import type { MenuEntry } from '@/app/todos/row-features'
import { openDialog } from './asked'

export const moveEntry: MenuEntry = {
  label: 'Move to a list…',
  icon: FolderInputIcon,
  onSelect: (todo) => {
    openDialog({ dialog: 'move', todo })
  },
}

/** For everyone who sees it, also without the right to change it. */
export const reportEntry: MenuEntry = {
  label: 'Report…',
  icon: FlagIcon,
  isReading: true,
  isFor: ({ listId }) => listId !== null,
  onSelect: (todo) => {
    openDialog({ dialog: 'report', todo })
  },
}
