/** The filter in the URL, such as `?filter=active`. */
import type { Todo } from '@/db/queries/todos'

export const filters = ['all', 'active', 'completed'] as const
export type Filter = (typeof filters)[number]

/** Parses the filter from a URL; unknown values mean all. */
export function parseFilter(value: string | null): Filter {
  return filters.find((filter) => filter === value) ?? 'all'
}

/** Whether a todo shows under a filter. */
export function matches(filter: Filter, { isComplete }: Pick<Todo, 'isComplete'>): boolean {
  return filter === 'all' || isComplete === (filter === 'completed')
}
