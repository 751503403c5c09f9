/**
 * How a user joins a list: by an INSERT of the secret of a link, or of the id of an invitation. A trigger
 * (access.join_list) makes the membership and fills `list_id` and `role` in for RETURNING. The view has no
 * table below it and never a row.
 */
import { sql } from 'drizzle-orm'
import { pgView, text, uuid } from 'drizzle-orm/pg-core'

/** SQLSTATE for a link or an invitation that does not exist (any more), or is someone else's. */
export const NOT_INVITED = 'RL002'

export const listJoins = pgView('list_joins', {
  secret: text(),
  invitationId: uuid('invitation_id'),
  listId: uuid('list_id'),
  role: text(),
}).as(
  sql`select null::text as secret, null::uuid as invitation_id, null::uuid as list_id, null::text as role where false`,
)
