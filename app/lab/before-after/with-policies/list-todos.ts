import type { Sql } from '../sql'

/** GET /todos */
export function listTodos(sql: Sql) {
  return sql('select id, task from todos order by task')
}
