import type { Sql } from '../sql'

/** PATCH /todos/:id */
export function renameTodo(sql: Sql, id: string, task: string) {
  return sql('update todos set task = $2 where id = $1 returning id, task', [id, task])
}
