/** A todo with everything that members have reported about it. */
import type { Report } from '@/db/queries/reports'

export type Reported = { readonly todo: Report['todo']; readonly reports: readonly Report[] }

/** In the order of the newest report about each. */
export function byTodo(reports: readonly Report[]): Reported[] {
  const groups = new Map<string, Report[]>()
  for (const report of reports) {
    groups.set(report.todo.id, [...(groups.get(report.todo.id) ?? []), report])
  }
  return [...groups.values()].flatMap((group) =>
    group[0] ? [{ todo: group[0].todo, reports: group }] : [],
  )
}
