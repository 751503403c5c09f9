/** The headings within a view that is sorted by day. They depend on the view's own day only, on a server too. */
import type { View } from '@/db/queries/views'
import { addDays, fullDay } from './due'

type Dated = { dueOn: string | null }

/** What stands above a todo: the name of its group, if another group is before it. */
export function headingOf(view: View, todo: Dated, before: Dated | undefined): string | null {
  const group = groupOf(view, todo)
  return before && groupOf(view, before) === group ? null : group
}

function groupOf(view: View, { dueOn }: Dated): string | null {
  if (dueOn === null) return null
  switch (view.name) {
    case 'today':
      return dueOn < view.day ? 'Overdue' : 'Today'
    case 'upcoming':
      return dueOn === addDays(view.day, 1)
        ? `Tomorrow, ${fullDay(dueOn)}`
        : fullDay(dueOn, view.day)
    case 'mine':
    case 'list':
    case 'completed':
    case 'search':
      return null
  }
}
