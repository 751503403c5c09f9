import { Forbidden, type Sql } from '../sql'

/** PATCH /todos/:id */
export async function renameTodo(sql: Sql, userId: string, id: string, task: string) {
  const [todo] = await sql('select user_id from todos where id = $1', [id])
  if (todo?.user_id !== userId) throw new Forbidden()
  return sql('update todos set task = $2 where id = $1 returning id, task', [id, task])
}
