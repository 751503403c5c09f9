import { Client } from 'pg'
import { stack } from './stack'

/** Gives a user many todos at once, as the tables' owner. They are called `Todo 1` and so on. */
export async function giveTodos(userId: string, count: number, notes = ''): Promise<void> {
  const owner = new Client({ connectionString: stack().DATABASE_URL })
  await owner.connect()
  await owner.query(
    `insert into todos (user_id, task, position, notes)
      select $1, 'Todo ' || i, 'm' || lpad(upper(to_hex(i)), 13, '0'), $3 from generate_series(1, $2::int) i`,
    [userId, count, notes],
  )
  await owner.end()
}
