/** Lists that a group shares; who belongs to one is in `list_members`. */
import { sql } from 'drizzle-orm'
import { check, pgPolicy, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { memberOf, ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { authenticated } from './roles'

export const lists = pgTable(
  'lists',
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
    // Becomes the first owner (access.make_owner), and means nothing after that.
    createdBy: text('created_by')
      .notNull()
      .default(sql`auth.user_id()`),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => [
    check(
      'lists_name_is_trimmed',
      sql`${table.name} = btrim(${table.name}, E' \\t\\n\\r') and char_length(${table.name}) between 1 and 100`,
    ),
    pgPolicy('members see their lists', {
      for: 'select',
      to: authenticated,
      using: memberOf(table.id, 'see'),
    }),
    pgPolicy('users create lists of their own', {
      for: 'insert',
      to: authenticated,
      withCheck: ownedBy(table.createdBy),
    }),
    pgPolicy('owners rename their lists', {
      for: 'update',
      to: authenticated,
      using: memberOf(table.id, 'own'),
    }),
    pgPolicy('owners delete their lists', {
      for: 'delete',
      to: authenticated,
      using: memberOf(table.id, 'own'),
    }),
  ],
)

export const listsQuota = rowQuota(lists.createdBy, 200)
