/** Invitations by e-mail address: only a user whose token has that address, verified, sees and accepts one. */
import { sql } from 'drizzle-orm'
import { check, index, pgPolicy, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { memberOf, ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { INVITED_ROLES } from './list-members'
import { lists } from './lists'
import { authenticated } from './roles'

/** True for invitations to the verified e-mail address in the user's token. */
const sentToMe = sql`(select access.my_email()) = "list_invitations"."email"`

export const listInvitations = pgTable(
  'list_invitations',
  {
    id: uuid().primaryKey().defaultRandom(),
    listId: uuid('list_id')
      .notNull()
      .references(() => lists.id, { onDelete: 'cascade' }),
    // Those who are invited do not see the list itself yet.
    listName: text('list_name').notNull(),
    email: text().notNull(),
    role: text({ enum: INVITED_ROLES }).notNull(),
    createdBy: text('created_by')
      .notNull()
      .default(sql`auth.user_id()`),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => [
    unique('list_invitations_once').on(table.listId, table.email),
    index('list_invitations_to').on(table.email),
    check('list_invitations_role', sql`${table.role} in ('editor', 'viewer')`),
    check('list_invitations_list_name_length', sql`char_length(${table.listName}) <= 100`),
    // "C" folds A to Z only. In other collations a K may be the sign for kelvin, and another mailbox.
    check(
      'list_invitations_email_is_folded',
      sql`${table.email} = lower(${table.email} collate "C") and ${table.email} ~ '^[^\\s@]+@[^\\s@]+$' and char_length(${table.email}) <= 254`,
    ),
    pgPolicy('owners see the invitations to their lists', {
      for: 'select',
      to: authenticated,
      using: memberOf(table.listId, 'own'),
    }),
    pgPolicy('users see the invitations to their address', {
      for: 'select',
      to: authenticated,
      using: sentToMe,
    }),
    pgPolicy('owners invite to their lists', {
      for: 'insert',
      to: authenticated,
      withCheck: sql`${ownedBy(table.createdBy)} and ${memberOf(table.listId, 'own')}`,
    }),
    pgPolicy('owners withdraw invitations to their lists', {
      for: 'delete',
      to: authenticated,
      using: memberOf(table.listId, 'own'),
    }),
    pgPolicy('users decline the invitations to their address', {
      for: 'delete',
      to: authenticated,
      using: sentToMe,
    }),
  ],
)

export const listInvitationsQuota = rowQuota(listInvitations.createdBy, 500)
