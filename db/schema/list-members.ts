/**
 * Who belongs to a list, and as what. Users insert no row here. The database does, when a user creates a
 * list (access.make_owner) or accepts an invitation to one (access.join_list).
 */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { memberOf, ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { lists } from './lists'
import { authenticated } from './roles'

/** Viewers see, editors also add, change and delete todos, owners also decide about the list. */
export const LIST_ROLES = ['owner', 'editor', 'viewer'] as const
export type ListRole = (typeof LIST_ROLES)[number]

/** What an invitation can make of a user: ownership is only handed over from member to member. */
export const INVITED_ROLES = ['editor', 'viewer'] as const
export type InvitedRole = (typeof INVITED_ROLES)[number]

/** SQLSTATE of a statement that would leave a list without an owner. */
export const LAST_OWNER = 'RL001'

export const listMembers = pgTable(
  'list_members',
  {
    listId: uuid('list_id')
      .notNull()
      .references(() => lists.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    role: text({ enum: LIST_ROLES }).notNull(),
    // What a role means stands here and nowhere else: policies and pages ask these columns.
    mayEdit: boolean('may_edit')
      .notNull()
      .generatedAlwaysAs(sql`role <> 'viewer'`),
    mayOwn: boolean('may_own')
      .notNull()
      .generatedAlwaysAs(sql`role = 'owner'`),
    // From the token of the one who joined, so that members are more to each other than an id.
    name: text().notNull().default(''),
    joinedAt: timestamp('joined_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.listId, table.userId] }),
    // What the functions of the schema `access` look for.
    index('list_members_of_user').on(table.userId, table.listId),
    check('list_members_role', sql`${table.role} in ('owner', 'editor', 'viewer')`),
    pgPolicy('members see each other', {
      for: 'select',
      to: authenticated,
      using: memberOf(table.listId, 'see'),
    }),
    pgPolicy('owners change roles', {
      for: 'update',
      to: authenticated,
      using: memberOf(table.listId, 'own'),
      withCheck: memberOf(table.listId, 'own'),
    }),
    pgPolicy('members leave', {
      for: 'delete',
      to: authenticated,
      using: ownedBy(table.userId),
    }),
    pgPolicy('owners remove members', {
      for: 'delete',
      to: authenticated,
      using: memberOf(table.listId, 'own'),
    }),
  ],
)

/** Bounds the array that `memberOf` compares with. */
export const listMembersQuota = rowQuota(listMembers.userId, 500)
