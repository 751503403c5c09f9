/** The table of all examples. Postgres decides whose row it is: no query says `where user_id = …`. */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  pgPolicy,
  pgRole,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

/** Users who are signed in; the proxy makes it. */
const authenticated = pgRole('authenticated').existing()

export const todos = pgTable(
  'todos',
  {
    id: uuid().primaryKey().defaultRandom(),
    // Of the token that came with the statement: no client can say another.
    userId: text('user_id')
      .notNull()
      .default(sql`auth.user_id()`),
    task: text().notNull(),
    isComplete: boolean('is_complete').notNull().default(false),
    insertedAt: timestamp('inserted_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (table) => {
    // In these parentheses, Postgres asks for the user once a statement, and not for each row.
    const isOwn = sql`(select auth.user_id()) = ${table.userId}`
    return [
      index('todos_of_user').on(table.userId, table.insertedAt, table.id),
      check('todos_task_length', sql`char_length(${table.task}) between 1 and 500`),
      pgPolicy('users see their own todos', { for: 'select', to: authenticated, using: isOwn }),
      pgPolicy('users add their own todos', { for: 'insert', to: authenticated, withCheck: isOwn }),
      pgPolicy('users change their own todos', {
        ...{ for: 'update', to: authenticated },
        ...{ using: isOwn, withCheck: isOwn },
      }),
      pgPolicy('users delete their own todos', { for: 'delete', to: authenticated, using: isOwn }),
    ]
  },
)
