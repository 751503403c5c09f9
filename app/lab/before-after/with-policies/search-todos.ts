import type { Sql } from '../sql'

/** GET /todos?search=… */
export function searchTodos(sql: Sql, words: string) {
  return sql(
    `select id, task, notes from todos
     where task ilike $1 or notes ilike $1
     order by task`,
    [`%${words}%`],
  )
}
