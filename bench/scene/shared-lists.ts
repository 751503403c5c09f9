/** A hundred thousand lists that groups of three share, with a million todos in them. */
import type { Client } from 'pg'

export const LISTS = 100_000
export const TODOS_IN_EACH = 10
const LISTS_OF_EACH_OWNER = 10
const USERS = LISTS / LISTS_OF_EACH_OWNER
/** Of the users who are asked for; all other todos are in lists. */
const PRIVATE_TODOS = 100

export const listId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const userOf = (n: number) => `user_${n % USERS}`

/** @param asked numbers of the users who have private todos as well */
export async function layOutSharedLists(owner: Client, asked: readonly number[]): Promise<void> {
  // Without triggers: counting a million rows for quotas is not what is measured.
  await owner.query(`
    set session_replication_role = replica;
    set maintenance_work_mem = '512MB';
    insert into lists (id, name, created_by)
      select ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'List ' || i, 'user_' || i % ${USERS}
      from generate_series(0, ${LISTS - 1}) as i;
    insert into list_members (list_id, user_id, role)
      select ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid,
        'user_' || (i + other * 37 * (1 + i / ${USERS})) % ${USERS}, (array['owner', 'editor', 'viewer'])[other + 1]
      from generate_series(0, ${LISTS - 1}) as i, generate_series(0, 2) as other
      on conflict do nothing;
    drop index todos_of_user, todos_of_list;`)
  // Lists take turns, so that a list's todos lie as far apart as they do after months of use.
  await owner.query(`
    insert into todos (user_id, list_id, task)
      select 'user_' || i % ${USERS},
        ('00000000-0000-4000-8000-' || lpad((i % ${LISTS})::text, 12, '0'))::uuid, 'Task ' || i
      from generate_series(0, ${LISTS * TODOS_IN_EACH - 1}) as i`)
  await owner.query(
    `insert into todos (user_id, task)
       select user_id, 'Task ' || i from unnest($1::text[]) as user_id, generate_series(1, ${PRIVATE_TODOS}) as i`,
    [asked.map(userOf)],
  )
  await owner.query(`
    create index todos_of_user on todos (user_id, position, id);
    create index todos_of_list on todos (list_id, position, id);
    reset session_replication_role;`)
  await owner.query('vacuum analyze todos, lists, list_members')
}
