/** Attacks as data: the tests prove what stops each, and anything that shows attacks shows the same list. */

/** Alice's row in a table `memos (user_id, body, is_archived)`, which all attacks are after. */
export const CANARY = 'alice keeps a canary'

/** Stands for Alice's claims, sealed with a key that is not the proxy's. */
export const FORGED = '<a forged seal>'

/**
 * What happens without the gate: a SQLSTATE or error code that stops the attack, `harmless` if it runs and
 * gains nothing, `happens` if only the gate stops it, which SECURITY.md must mention.
 */
export type Outcome = string

/** One statement, or several that are sent as a batch. */
export type Sql = string | readonly string[]

/** [what Bob sends, what happens with the gate off]; with the gate on, it refuses each. */
export type Attack = readonly [sql: Sql, outcome: Outcome]

/** What is sent, with each statement changed: a seal put in, or another table named. */
export function mapStatements(sql: Sql, change: (statement: string) => string): Sql {
  return typeof sql === 'string' ? change(sql) : sql.map(change)
}
