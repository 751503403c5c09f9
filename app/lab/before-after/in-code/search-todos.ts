import type { Sql } from '../sql'

/** GET /todos?search=… */
export function searchTodos(sql: Sql, userId: string, words: string) {
  return sql(
    `select id, task, notes from todos
     where user_id = $1 and task ilike $2 or notes ilike $2
     order by task`,
    [userId, `%${words}%`],
  )
}
