/**
 * What a row offers beside its text, as lists that features add to. A feature needs no change of the row itself:
 *
 * - `menuEntries`: lines of the “⋯” menu;
 * - `facts`: small things under the text that are always in sight, such as a due date;
 * - `details`: what a row shows when it is opened, such as notes.
 */
import {
  ArrowDownIcon,
  ArrowDownToLineIcon,
  ArrowUpIcon,
  ArrowUpToLineIcon,
  CalendarIcon,
  SquareCheckIcon,
  type LucideIcon,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { AddedBy } from '@/app/lists/added-by'
import { InList } from '@/app/lists/in-list'
import { moveEntry, reportEntry } from '@/app/lists/todo-entries'
import type { Todo } from '@/db/queries/todos'
import { DueFact } from './due/due-fact'
import { NotesFact } from './notes/notes-fact'
import type { Move } from './reorder/neighbours'
import type { Act } from './use-act'
import { later } from '@/lib/later'

export type RowTools = {
  readonly act: Act
  readonly edit: (todo: Todo) => void
  /** Opens or closes the details. */
  readonly toggleDetails: (todo: Todo) => void
  readonly select: (todo: Todo) => void
  /** Null in a view that is not sorted by hand. */
  readonly move: ((todo: Todo, move: Move) => void) | null
}

export type MenuEntry = {
  readonly label: string
  readonly icon: LucideIcon
  readonly isDestructive?: true
  /** Also for those who may not change the todo. */
  readonly isReading?: true
  /** Without it, the entry is there for every todo. */
  readonly isFor?: (todo: Todo, tools: RowTools) => boolean
  readonly onSelect: (todo: Todo, tools: RowTools) => void
}

/** Rendered for each row on screen: keep them light, and load what they open when it is first needed. */
export type RowPart = ComponentType<{ todo: Todo; act: Act }>

const moving = (label: string, icon: LucideIcon, move: Move): MenuEntry => ({
  label,
  icon,
  isFor: (_, tools) => tools.move !== null,
  onSelect: (todo, tools) => tools.move?.(todo, move),
})

/** Between “Edit” and “Delete”. */
export const menuEntries: readonly MenuEntry[] = [
  {
    label: 'Due date and notes',
    icon: CalendarIcon,
    isReading: true,
    onSelect: (todo, tools) => {
      tools.toggleDetails(todo)
    },
  },
  {
    label: 'Select',
    icon: SquareCheckIcon,
    onSelect: (todo, tools) => {
      tools.select(todo)
    },
  },
  moving('Move up', ArrowUpIcon, 'up'),
  moving('Move down', ArrowDownIcon, 'down'),
  moving('Move to the top', ArrowUpToLineIcon, 'top'),
  moving('Move to the bottom', ArrowDownToLineIcon, 'bottom'),
  moveEntry,
  reportEntry,
]

export const facts: readonly RowPart[] = [DueFact, NotesFact, InList, AddedBy]

export const details: readonly RowPart[] = [
  later(() => import('./details/todo-details').then((part) => part.default)),
]
