/**
 * What a user is told of a list before joining it: by an INSERT of the secret of a link, which changes nothing. A
 * trigger (access.preview_list) fills in the other columns for RETURNING. The view has no table below it and never
 * a row.
 */
import { sql } from 'drizzle-orm'
import { pgView, text } from 'drizzle-orm/pg-core'

export const listPreviews = pgView('list_previews', {
  secret: text(),
  name: text(),
  role: text(),
  /** What its members call the owner; of several, the one who joined first. */
  ownerName: text('owner_name'),
}).as(
  sql`select null::text as secret, null::text as name, null::text as role, null::text as owner_name where false`,
)
