import type { Sql } from '../sql'

/** GET /todos */
export function listTodos(sql: Sql, userId: string) {
  return sql('select id, task from todos where user_id = $1 order by task', [userId])
}
