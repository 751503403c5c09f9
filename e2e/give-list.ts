/** Gives a user a list that another one edits, with todos, a report and a link, as the tables' owner. */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { hashLinkSecret, newLinkSecret } from '../db/queries/link-secret'
import { stack } from './stack'

export type GivenList = { readonly listId: string; readonly secret: string }

export async function giveList(owner: string, editor: string, name: string): Promise<GivenList> {
  const listId = randomUUID()
  const secret = newLinkSecret()
  const database = new Client({ connectionString: stack().DATABASE_URL })
  await database.connect()
  const run = (sql: string, values: unknown[]) => database.query(sql, values)
  await run('insert into lists (id, name, created_by) values ($1, $2, $3)', [listId, name, owner])
  await run(`insert into list_members (list_id, user_id, role) values ($1, $2, 'editor')`, [
    listId,
    editor,
  ])
  await run(
    `update list_members set name = case user_id when $2 then 'Alice' else 'Bob' end where list_id = $1`,
    [listId, owner],
  )
  const { rows } = await run(
    `insert into todos (list_id, user_id, task, notes, due_on, is_complete) values
      ($1, $2, 'Lanterns for the garden', 'Warm white. https://example.com/lanterns', current_date, false),
      ($1, $3, 'Ask the neighbours', '', current_date + 3, false),
      ($1, $3, 'A playlist', 'Nothing that Dad cannot dance to.', null, true) returning id`,
    [listId, owner, editor],
  )
  await run('insert into reports (todo_id, user_id, reason) values ($1, $2, $3)', [
    (rows as { id: string }[])[1]?.id,
    owner,
    'Unkind to the neighbours',
  ])
  await run(
    `insert into list_links (list_id, role, secret_hash, created_by) values ($1, 'editor', $2, $3)`,
    [listId, await hashLinkSecret(secret), owner],
  )
  await database.end()
  return { listId, secret }
}
