'use client'

import { Button } from '@/app/components/ui/button'
import type { Counts } from '@/db/queries/todos'
import type { View } from '@/db/queries/views'
import type { Filter } from './filter'
import { FilterLinks } from './filter-links'
import { formButton } from './form-button'
import type { Act } from './use-act'

type Props = {
  view: View
  filter: Filter
  counts: Counts
  isSaving: boolean
  mayEdit: boolean
  act: Act
}

/** One row that does not jump: what is not there now keeps its room. */
export function ListFooter({ view, filter, counts, isSaving, mayEdit, act }: Props) {
  const { active, completed } = counts
  return (
    <footer className="flex flex-wrap items-center gap-x-2 border-t px-2 py-1 text-sm sm:px-5">
      <p role="status" className="mr-auto ml-2 text-muted-foreground tabular-nums sm:ml-0">
        {active} {active === 1 ? 'item' : 'items'} left
        {/* Most changes are saved before this shows. */}
        {isSaving && <span className="ml-3 animate-appear-late max-sm:sr-only">Saving…</span>}
      </p>
      {view.name !== 'completed' && view.name !== 'search' && <FilterLinks current={filter} />}
      <Button
        {...formButton({ type: 'clear-completed', view }, (change) => {
          act(change, null, `Cleared ${completed} completed ${completed === 1 ? 'todo' : 'todos'}`)
        })}
        variant="ghost"
        aria-label="Clear completed"
        className={
          completed === 0 || !mayEdit ? 'invisible h-11 px-2 sm:px-3' : 'h-11 px-2 sm:px-3'
        }
      >
        <span className="max-sm:hidden">Clear completed</span>
        <span className="sm:hidden">Clear</span>
      </Button>
    </footer>
  )
}
