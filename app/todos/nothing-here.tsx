import type { View } from '@/db/queries/views'
import type { Filter } from './filter'

const texts: Record<Filter, string> = {
  all: 'Nothing here yet. What comes first?',
  active: 'Nothing left to do.',
  completed: 'Nothing completed yet.',
}

const ofView: Partial<Record<View['name'], string>> = {
  today: 'Nothing is due today.',
  upcoming: 'Nothing is due in the days to come.',
  completed: 'Nothing completed yet.',
  search: 'Nothing has these words.',
}

export function NothingHere({ view, filter }: { view: View; filter: Filter }) {
  return (
    <p className="border-t px-5 py-10 text-center text-muted-foreground">
      {(filter === 'all' ? ofView[view.name] : undefined) ?? texts[filter]}
    </p>
  )
}
