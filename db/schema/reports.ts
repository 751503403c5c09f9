/** Todos of shared lists that members have reported; moderators see those todos and no others. */
import { sql } from 'drizzle-orm'
import { check, index, pgPolicy, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { moderates, ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { authenticated, moderator } from './roles'
import { todos } from './todos'

export const reports = pgTable(
  'reports',
  {
    id: uuid().primaryKey().defaultRandom(),
    todoId: uuid('todo_id')
      .notNull()
      .references(() => todos.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .default(sql`auth.user_id()`),
    reason: text().notNull().default(''),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => [
    unique('reports_once').on(table.todoId, table.userId),
    index('reports_of_user').on(table.userId, table.createdAt),
    check('reports_reason_length', sql`char_length(${table.reason}) <= 500`),
    pgPolicy('users see their own reports', {
      for: 'select',
      to: authenticated,
      using: ownedBy(table.userId),
    }),
    // Which todos there are for the user is decided by the policies of todos.
    pgPolicy('members report todos that they see', {
      for: 'insert',
      to: authenticated,
      withCheck: sql`${ownedBy(table.userId)} and exists (select from "todos" where "todos"."id" = ${table.todoId} and "todos"."list_id" is not null)`,
    }),
    pgPolicy('users withdraw their own reports', {
      for: 'delete',
      to: authenticated,
      using: ownedBy(table.userId),
    }),
    pgPolicy('moderators see reports', { for: 'select', to: moderator, using: moderates() }),
    pgPolicy('moderators close reports', { for: 'delete', to: moderator, using: moderates() }),
  ],
)

export const reportsQuota = rowQuota(reports.userId, 500)
