/** The measured SQL, as the app's Drizzle queries send it; the policies restrict it to a user's rows. */

const COLUMNS = '"id", "task", "is_complete", "inserted_at"'
const ORDER = 'order by "todos"."inserted_at" asc, "todos"."id" asc'

export const LIST = `select ${COLUMNS} from "todos" ${ORDER}`

/** The same answer for a role that is exempt from the policies. */
export const LIST_OF_USER = `select ${COLUMNS} from "todos" where "user_id" = $1 ${ORDER}`

export const ADD = `insert into "todos" ("id", "user_id", "task", "is_complete", "inserted_at") values (default, default, $1, default, default) returning ${COLUMNS}`

/** Marks added rows, so that they can be found again. */
export const ADDED_TASK = 'Added by the benchmark'

export const ADDED_OF_USER = `select ${COLUMNS} from "todos" where "user_id" = $1 and "task" = '${ADDED_TASK}' ${ORDER.replaceAll('asc', 'desc')} limit 1`

/** The batch: complete one todo, list all, list those that are done. */
export const COMPLETE = `update "todos" set "is_complete" = $1 where "todos"."id" = $2 returning ${COLUMNS}`
export const LIST_DONE = `select ${COLUMNS} from "todos" where "todos"."is_complete" = $1 ${ORDER}`

/** Every column of the table. */
export const ALL_COLUMNS =
  'select "id", "user_id", "task", "is_complete", "inserted_at" from "todos"'

/** A statement with its values written out: what pgbench sends is text. */
export function withValues(sql: string, ...values: readonly string[]): string {
  return sql.replace(/\$(\d)/g, (_, n: string) => `'${values[Number(n) - 1] ?? ''}'`)
}
