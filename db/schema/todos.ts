/**
 * Todos: private ones (`list_id` is null), which their user owns, and those of lists that a group shares.
 * Columns, indexes, the policies that decide who sees and changes which, and how many rows a user may own.
 */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  date,
  index,
  pgPolicy,
  pgTable,
  text,
  time,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { hasNo, memberOf, moderates, ownedBy } from '../policies'
import { rowQuota } from '../row-quota'
import { lists } from './lists'
import { authenticated, moderator } from './roles'

/** Text that sorts byte by byte, as the keys of `fractional-indexing` must. */
const sortKey = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

/**
 * By default, a key made of the time, so that a new todo comes last: "m" announces 13 digits, and those of
 * hexadecimal numbers are digits in base 62, too.
 */
const LAST_POSITION = sql`'m' || lpad(upper(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint)), 13, '0')`

export const todos = pgTable(
  'todos',
  {
    // A shared sequence would tell each user how busy the others are.
    id: uuid().primaryKey().defaultRandom(),
    // Who added it, in a shared list, too.
    userId: text('user_id')
      .notNull()
      .default(sql`auth.user_id()`),
    task: text().notNull(),
    isComplete: boolean('is_complete').notNull().default(false),
    // As text: not every browser's Date reads Postgres' "2026-01-31 09:00:00+00".
    insertedAt: timestamp('inserted_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .defaultNow(),
    listId: uuid('list_id').references(() => lists.id, { onDelete: 'cascade' }),
    notes: text().notNull().default(''),
    // A day and a time on the wall, wherever the user is.
    dueOn: date('due_on', { mode: 'string' }),
    dueTime: time('due_time'),
    position: sortKey().notNull().default(LAST_POSITION),
    // Set by moderators: then only its author sees it.
    hiddenAt: timestamp('hidden_at', { withTimezone: true, mode: 'string' }),
  },
  (table) => {
    // The test for null comes first: it decides without asking who the user is, or which lists are theirs.
    const isPrivate = sql`${hasNo(table.listId)} and ${ownedBy(table.userId)}`
    const isIn = (access: 'see' | 'edit') =>
      sql`${table.listId} is not null and ${memberOf(table.listId, access)}`
    const isShown = sql`${table.hiddenAt} is null`
    const isShownToMe = sql`(${isShown} or ${ownedBy(table.userId)})`
    const isReported = sql`${moderates()} and ${table.listId} is not null and ${table.id} = any (array(select "reports"."todo_id" from "reports"))`
    const integerLength = sql`case when ascii(${table.position}) < 97 then 92 - ascii(${table.position}) else ascii(${table.position}) - 95 end`
    return [
      // What the policies compare, then what a list is sorted by.
      index('todos_of_user').on(table.userId, table.position, table.id),
      index('todos_of_list').on(table.listId, table.position, table.id),
      check(
        'todos_task_is_trimmed',
        sql`${table.task} = btrim(${table.task}, E' \\t\\n\\r') and char_length(${table.task}) between 1 and 500`,
      ),
      check('todos_notes_length', sql`char_length(${table.notes}) <= 10000`),
      check(
        'todos_due_time_has_a_day',
        sql`${table.dueTime} is null or ${table.dueOn} is not null`,
      ),
      // A key that fractional-indexing cannot read would keep all members from sorting their list.
      check(
        'todos_position_is_a_key',
        sql`${table.position} ~ '^[A-Za-z][0-9A-Za-z]*$' and ${table.position} <> 'A00000000000000000000000000' and char_length(${table.position}) between ${integerLength} and 500 and (right(${table.position}, 1) <> '0' or char_length(${table.position}) = ${integerLength})`,
      ),
      pgPolicy('users see their own todos', {
        for: 'select',
        to: authenticated,
        using: isPrivate,
      }),
      pgPolicy('users add todos of their own', {
        for: 'insert',
        to: authenticated,
        withCheck: isPrivate,
      }),
      pgPolicy('users change their own todos and keep them', {
        for: 'update',
        to: authenticated,
        using: isPrivate,
        withCheck: isPrivate,
      }),
      pgPolicy('users delete their own todos', {
        for: 'delete',
        to: authenticated,
        using: isPrivate,
      }),
      pgPolicy('members see the todos of their lists', {
        for: 'select',
        to: authenticated,
        using: sql`${isIn('see')} and ${isShownToMe}`,
      }),
      pgPolicy('editors add todos to their lists', {
        for: 'insert',
        to: authenticated,
        withCheck: sql`${ownedBy(table.userId)} and ${isIn('edit')} and ${isShown}`,
      }),
      // Of two policies, the condition before the change may be one's and that after it the other's: so
      // editors move todos of their own between private and shared, and no one else's.
      pgPolicy('editors change the todos of their lists', {
        for: 'update',
        to: authenticated,
        using: sql`${isIn('edit')} and ${isShown}`,
        withCheck: sql`${isIn('edit')} and ${isShown}`,
      }),
      pgPolicy('editors delete the todos of their lists', {
        for: 'delete',
        to: authenticated,
        using: sql`${isIn('edit')} and ${isShownToMe}`,
      }),
      pgPolicy('moderators see what was reported', {
        for: 'select',
        to: moderator,
        using: isReported,
      }),
      pgPolicy('moderators hide what was reported', {
        for: 'update',
        to: moderator,
        using: isReported,
        withCheck: isReported,
      }),
      pgPolicy('moderators delete what was reported', {
        for: 'delete',
        to: moderator,
        using: isReported,
      }),
    ]
  },
)

/** An INSERT of one line can add any number of rows, and a policy does not count. */
export const todosQuota = rowQuota(todos.userId, 10_000)
