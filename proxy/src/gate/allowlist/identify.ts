/**
 * Names a statement by its whole parse tree. Two statements share a name only if they differ in spelling
 * alone: spaces, comments, case of keywords, quotes, notation of constants.
 *
 * libpg_query's fingerprint does not do this. It treats constants, parameters and DEFAULT as equal, sorts
 * and deduplicates lists, ignores digits in table names, and has only 64 bits.
 */
import { createHash } from 'node:crypto'
import type { Parser } from '../parser'

/** Positions in the text, which are not part of the statement's meaning. */
const POSITIONS: ReadonlySet<string> = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
])

/** @returns undefined if the text is invalid or empty */
export async function identify(parser: Parser, sql: string): Promise<string | undefined> {
  const parsed = await parser.parse(Buffer.from(sql, 'utf8'))
  return parsed.kind === 'tree' && parsed.statements.length === 1
    ? nameOf(parsed.statements)
    : undefined
}

/**
 * SHA-256 over the tree in prefix notation. Every list and object includes its length, so different trees
 * have different texts. Uses an explicit stack, because a tree can be deeper than the call stack.
 */
function nameOf(tree: unknown): string {
  const hash = createHash('sha256')
  const todo: unknown[] = [tree]
  while (todo.length > 0) {
    const value = todo.pop()
    if (Array.isArray(value)) {
      hash.update(`[${value.length} `)
      for (const item of value.toReversed()) todo.push(item)
    } else if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).filter(([name]) => !POSITIONS.has(name))
      hash.update(`{${fields.length} `)
      for (const [name, child] of fields.toReversed()) todo.push(child, name)
    } else {
      hash.update(`${JSON.stringify(value)} `)
    }
  }
  return hash.digest('base64')
}
