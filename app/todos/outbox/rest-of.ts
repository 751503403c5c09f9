/** What is left to send of a change that the database makes in parts. */
import { isLastPart } from '@/db/queries/deletion-part'
import type { Change, ChangedTodo } from '../change'

/** @returns null when these rows are all that there was to change, as they nearly always are */
export function restOf(change: Change, rows: readonly ChangedTodo[]): Change | null {
  if (change.type !== 'delete-many' && change.type !== 'clear-completed') return null
  if (isLastPart(rows)) return null
  if (change.type === 'clear-completed') return change
  const deleted = new Set(rows.map(({ id }) => id))
  const ids = change.ids.filter((id) => !deleted.has(id))
  return ids.length === 0 ? null : { ...change, ids }
}
