/**
 * Names a statement such that two statements have the same name only when they differ in nothing
 * but values: libpg_query's fingerprint, and beside it every word of the statement.
 *
 * The fingerprint alone is not enough to let a stranger's SQL in. It leaves out digits of table
 * names (todos_2025 and todos_2026 are one to it) and aliases, and it is a hash of 64 bits that is
 * not made to withstand somebody who looks for a second statement with the same one.
 */
import type { Parser } from '../gate/parser'

export type StatementName = {
  /** 16 hex digits. */
  readonly fingerprint: string
  /** Equal for equal sets of names, operators and kinds of clauses; not meant for people. */
  readonly words: string
}

/** @returns nothing when the parser cannot read the statement, or there is none in it */
export async function identify(parser: Parser, sql: string): Promise<StatementName | undefined> {
  const bytes = Buffer.from(sql, 'utf8')
  const parsed = await parser.parse(bytes)
  if (parsed.kind !== 'tree' || parsed.statements.length !== 1) return undefined
  const fingerprint = await parser.fingerprint(bytes)
  return fingerprint === undefined ? undefined : { fingerprint, words: words(parsed.statements) }
}

/** Every string in the tree that is no value; with a stack of its own, for trees are deep. */
function words(tree: unknown): string {
  const found = new Set<string>()
  const todo: unknown[] = [tree]
  while (todo.length > 0) {
    const value = todo.pop()
    if (typeof value === 'string') found.add(value)
    else if (Array.isArray(value)) for (const item of value) todo.push(item)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) if (key !== 'A_Const') todo.push(child)
    }
  }
  // A name cannot hold a NUL.
  return [...found].sort().join('\0')
}
