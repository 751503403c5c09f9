/** The statements that this tab has had run since it was opened, newest first; gone with a reload. */
import type { SentStatement } from '@/lib/sql/sent-statement'
import type { Place } from '../place'

export type RecentStatement = SentStatement & { id: number; place: Place }

const KEPT = 20

let recent: readonly RecentStatement[] = []
let lastId = 0
const listeners = new Set<() => void>()

/** @param statements in the order in which they were sent */
export function rememberStatements(place: Place, statements: readonly SentStatement[]): void {
  if (statements.length === 0) return
  const newest = statements.map((statement) => ({ ...statement, place, id: ++lastId })).reverse()
  recent = [...newest, ...recent].slice(0, KEPT)
  for (const listener of listeners) listener()
}

export const recentStatements = () => recent

export function onStatement(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
