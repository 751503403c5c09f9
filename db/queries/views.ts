/** The views of a user's todos as SQL: which todos are in one, in which order, and what follows a page. */
import { and, asc, eq, gt, lt, or, sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { hasNo, ownedBy } from '../policies'
import { todos } from '../schema'
import { patternsFor } from './search'

/** `day` is the user's today, as `2026-01-31`: only their clock knows it. */
export type View =
  | { readonly name: 'mine' }
  | { readonly name: 'list'; readonly listId: string }
  | { readonly name: 'today' | 'upcoming'; readonly day: string }
  | { readonly name: 'completed' }
  | { readonly name: 'search'; readonly words: readonly string[] }

export const FILTERS = ['all', 'active', 'completed'] as const
export type Filter = (typeof FILTERS)[number]

/** Where a page ends: its last todo, of which only what the view is sorted by counts. */
export type Place = {
  readonly id: string
  readonly position: string
  readonly dueOn: string | null
  readonly dueTime: string | null
}

export function inView(view: View): SQL | undefined {
  switch (view.name) {
    case 'mine':
      // The user is named for the index, which the policy alone would not choose beside that of shared lists.
      return and(hasNo(todos.listId), ownedBy(todos.userId))
    case 'list':
      return eq(todos.listId, view.listId)
    case 'today':
      return or(
        eq(todos.dueOn, view.day),
        and(lt(todos.dueOn, view.day), eq(todos.isComplete, false)),
      )
    case 'upcoming':
      return gt(todos.dueOn, view.day)
    case 'completed':
      return eq(todos.isComplete, true)
    case 'search':
      return sql`(${todos.task} || E'\\n' || ${todos.notes}) ilike all (${sql.param(patternsFor(view.words))}::text[])`
  }
}

export function matching(filter: Filter): SQL | undefined {
  return filter === 'all' ? undefined : eq(todos.isComplete, filter === 'completed')
}

/** What is due at no particular time comes first. */
const dueTime = sql`coalesce(${todos.dueTime}, '00:00')`

function sortedBy(view: View): readonly (PgColumn | SQL)[] {
  const byHand = [todos.position, todos.id]
  return view.name === 'today' || view.name === 'upcoming'
    ? [todos.dueOn, dueTime, ...byHand]
    : byHand
}

export function byPlace(view: View): SQL[] {
  return sortedBy(view).map((column) => asc(column))
}

/** The todos after a place. A row comparison, which an index can begin at. */
export function after(view: View, place: Place | undefined): SQL | undefined {
  if (place === undefined) return undefined
  const values = new Map<unknown, unknown>([
    [todos.dueOn, place.dueOn],
    [dueTime, place.dueTime ?? '00:00'],
    [todos.position, place.position],
    [todos.id, place.id],
  ])
  const columns = sortedBy(view)
  const row = (items: readonly unknown[]) =>
    sql.join(
      items.map((item) => sql`${item}`),
      sql`, `,
    )
  return sql`(${row(columns)}) > (${row(columns.map((column) => values.get(column)))})`
}
