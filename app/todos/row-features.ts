/**
 * What a row offers beside its text, as lists that features add to. A feature needs no change of the row itself:
 *
 * - `menuEntries`: lines of the “⋯” menu;
 * - `facts`: small things under the text that are always in sight, such as a due date;
 * - `details`: what a row shows when it is opened, such as notes.
 */
import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import { AddedBy } from '@/app/lists/added-by'
import { reportEntry } from '@/app/lists/todo-entries'
import type { Todo } from '@/db/queries/todos'
import type { Act } from './use-act'

export type RowTools = {
  readonly act: Act
  readonly edit: (todo: Todo) => void
  /** Opens or closes the details. */
  readonly toggleDetails: (todo: Todo) => void
}

export type MenuEntry = {
  readonly label: string
  readonly icon: LucideIcon
  /** As shown beside the label. */
  readonly keys?: string
  readonly isDestructive?: true
  /** Also for those who may not change the todo. */
  readonly isReading?: true
  /** Without it, the entry is there for every todo. */
  readonly isFor?: (todo: Todo) => boolean
  readonly onSelect: (todo: Todo, tools: RowTools) => void
}

/** Rendered for each row on screen: keep them light, and load what they open when it is first needed. */
export type RowPart = ComponentType<{ todo: Todo; act: Act }>

/** Between “Edit” and “Delete”. */
export const menuEntries: readonly MenuEntry[] = [reportEntry]
export const facts: readonly RowPart[] = [AddedBy]
export const details: readonly RowPart[] = []
