/**
 * Names a statement by the whole of its parse tree, so that two statements share a name only when
 * they differ in spelling: spaces, comments, case of keywords, quotes, how a constant is written.
 *
 * libpg_query's fingerprint is no such name. It takes constants, parameters and DEFAULT for the same,
 * sorts and deduplicates lists, leaves out digits of table names, and is a hash of 64 bits.
 */
import { createHash } from 'node:crypto'
import type { Parser } from '../parser'

/** Where a part stands in the text; all else in the tree is what the statement means. */
const POSITIONS: ReadonlySet<string> = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
])

/** @returns nothing when the parser cannot read the statement, or there is none in it */
export async function identify(parser: Parser, sql: string): Promise<string | undefined> {
  const parsed = await parser.parse(Buffer.from(sql, 'utf8'))
  return parsed.kind === 'tree' && parsed.statements.length === 1
    ? nameOf(parsed.statements)
    : undefined
}

/**
 * SHA-256 over the tree in prefix notation, where every list and object says how long it is: two
 * trees cannot give the same text. With a stack of its own, because trees are deeper than calls can be.
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
