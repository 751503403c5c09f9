/** Todos: columns, index, the policies that decide whose row it is, and how many rows a user may own. */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  pgPolicy,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { authenticated } from './roles'

export const todos = pgTable(
  'todos',
  {
    // A shared sequence would tell each user how busy the others are.
    id: uuid().primaryKey().defaultRandom(),
    userId: text('user_id')
      .notNull()
      .default(sql`auth.user_id()`),
    task: text().notNull(),
    isComplete: boolean('is_complete').notNull().default(false),
    // As text: not every browser's Date reads Postgres' "2026-01-31 09:00:00+00".
    insertedAt: timestamp('inserted_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => [
    // What the policies compare, then what the list is sorted by.
    index('todos_of_user').on(table.userId, table.insertedAt, table.id),
    check(
      'todos_task_is_trimmed',
      sql`${table.task} = btrim(${table.task}, E' \\t\\n\\r') and char_length(${table.task}) between 1 and 500`,
    ),
    pgPolicy('users see their own todos', {
      for: 'select',
      to: authenticated,
      using: ownedBy(table.userId),
    }),
    pgPolicy('users add todos of their own', {
      for: 'insert',
      to: authenticated,
      withCheck: ownedBy(table.userId),
    }),
    pgPolicy('users change their own todos and keep them', {
      for: 'update',
      to: authenticated,
      using: ownedBy(table.userId),
      withCheck: ownedBy(table.userId),
    }),
    pgPolicy('users delete their own todos', {
      for: 'delete',
      to: authenticated,
      using: ownedBy(table.userId),
    }),
  ],
)

/** An INSERT of one line can add any number of rows, and a policy does not count. */
export const todosQuota = rowQuota(todos.userId, 10_000)
