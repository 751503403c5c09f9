/** Invitations by link: a row for each, with the hash of its secret. Revoking one deletes its row. */
import { sql } from 'drizzle-orm'
import { check, index, pgPolicy, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { memberOf, ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { INVITED_ROLES } from './list-members'
import { lists } from './lists'
import { authenticated } from './roles'

export const listLinks = pgTable(
  'list_links',
  {
    id: uuid().primaryKey().defaultRandom(),
    listId: uuid('list_id')
      .notNull()
      .references(() => lists.id, { onDelete: 'cascade' }),
    role: text({ enum: INVITED_ROLES }).notNull(),
    // SHA-256 in hex. A fast hash is enough for 32 random bytes: nobody can try them all.
    secretHash: text('secret_hash').notNull().unique(),
    createdBy: text('created_by')
      .notNull()
      .default(sql`auth.user_id()`),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => [
    index('list_links_of_list').on(table.listId, table.createdAt),
    check('list_links_role', sql`${table.role} in ('editor', 'viewer')`),
    check('list_links_secret_is_hashed', sql`${table.secretHash} ~ '^[0-9a-f]{64}$'`),
    pgPolicy('owners see the links to their lists', {
      for: 'select',
      to: authenticated,
      using: memberOf(table.listId, 'own'),
    }),
    pgPolicy('owners make links to their lists', {
      for: 'insert',
      to: authenticated,
      withCheck: sql`${ownedBy(table.createdBy)} and ${memberOf(table.listId, 'own')}`,
    }),
    pgPolicy('owners revoke links to their lists', {
      for: 'delete',
      to: authenticated,
      using: memberOf(table.listId, 'own'),
    }),
  ],
)

export const listLinksQuota = rowQuota(listLinks.createdBy, 500)
