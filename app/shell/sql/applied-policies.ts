/**
 * Which policies decided about a statement, from the schema that the app was built with. For showing: it
 * looks for names of tables in the text, where Postgres knows.
 */
import { is, SQL } from 'drizzle-orm'
import { getTableConfig, PgDialect, PgRole, PgTable, type PgPolicy } from 'drizzle-orm/pg-core'
import * as schema from '@/db/schema'

type Command = 'select' | 'insert' | 'update' | 'delete'

export type AppliedPolicy = {
  table: string
  command: Command
  name: string
  /** What a row must fulfil to be seen, changed or deleted. */
  using: string | null
  /** What a row must fulfil to be written. */
  withCheck: string | null
}

const tables = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => getTableConfig(table))

/**
 * Reading rows is part of most changes: a WHERE or a RETURNING of an INSERT, UPDATE or DELETE applies the
 * policies for SELECT too.
 * @see https://www.postgresql.org/docs/current/sql-createpolicy.html#SQL-CREATEPOLICY-SUMMARY
 */
export function appliedPolicies(sql: string, role: string): AppliedPolicy[] {
  return tables.flatMap((table) => {
    const command = commandOn(table.name, sql)
    if (command === undefined) return []
    const reads = command !== 'select' && /\b(where|returning)\b/i.test(sql)
    const commands: Command[] = reads ? [command, 'select'] : [command]
    return commands.flatMap((each) =>
      table.policies
        .filter((policy) => isFor(policy, each) && isOf(policy, role))
        .map((policy) => ({
          table: table.name,
          command: each,
          name: policy.name,
          using: textOf(policy.using),
          withCheck: textOf(policy.withCheck),
        })),
    )
  })
}

/** What the statement does with a table; a table that a change only reads is selected from. */
export function commandOn(table: string, sql: string): Command | undefined {
  const name = `(?:"?public"?\\.)?"?${table}"?(?![\\w"])`
  const follows = (words: string) => new RegExp(`\\b${words}\\s+${name}`, 'i').test(sql)
  if (follows('insert\\s+into')) return 'insert'
  if (follows('update')) return 'update'
  if (follows('delete\\s+from')) return 'delete'
  return follows('(?:from|join)') ? 'select' : undefined
}

const isFor = (policy: PgPolicy, command: Command) =>
  policy.for === command || policy.for === 'all' || policy.for === undefined

function isOf(policy: PgPolicy, role: string): boolean {
  const roles: unknown[] = [policy.to ?? 'public'].flat()
  return roles.some((to) => (is(to, PgRole) ? to.name : to) === role || to === 'public')
}

const dialect = new PgDialect()

function textOf(condition: SQL | undefined): string | null {
  return condition === undefined ? null : dialect.sqlToQuery(condition.inlineParams()).sql
}
