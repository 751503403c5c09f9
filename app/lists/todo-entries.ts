/** What the menu of a todo offers for lists. */
import { FlagIcon } from 'lucide-react'
import type { MenuEntry } from '@/app/todos/row-features'
import { openDialog } from './asked'

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
