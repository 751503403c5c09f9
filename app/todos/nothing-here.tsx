import type { Filter } from './filter'

const texts: Record<Filter, string> = {
  all: 'Nothing here yet. What comes first?',
  active: 'Nothing left to do.',
  completed: 'Nothing completed yet.',
}

export function NothingHere({ filter }: { filter: Filter }) {
  return <p className="border-t px-5 py-10 text-center text-muted-foreground">{texts[filter]}</p>
}
