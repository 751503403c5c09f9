/** Writes a statement in one line without comments and values, still valid SQL of the same name. */
import type { Parser } from '../gate/parser'
import { identify, type StatementName } from './identify'

export type Entry = StatementName & { readonly sql: string }

/** What stands for a value, by how it begins (4.1.2 in the manual); the fingerprint leaves values out. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:[en]|u&)?'/i, "''"],
  [/^\$(?!\d)/, "''"],
  [/^b'/i, "b''"],
  [/^x'/i, "x''"],
  [/^\.?\d/, '0'],
]
const COMMENTS = new Set(['SQL_COMMENT', 'C_COMMENT'])

/**
 * Parameters ($1) stay, string and number literals become '' and 0.
 * @returns nothing when that would be another statement, and so nothing that may be written down
 */
export async function normalize(parser: Parser, sql: string): Promise<Entry | undefined> {
  const bytes = Buffer.from(sql, 'utf8')
  const name = await identify(parser, sql)
  const tokens = await parser.scan(bytes)
  if (name === undefined || tokens === undefined) return undefined
  let text = ''
  let end = 0
  for (const token of tokens) {
    if (COMMENTS.has(token.tokenName)) continue
    if (token.start > end && text !== '') text += ' '
    const written = bytes.subarray(token.start, token.end).toString('utf8')
    text += PLACEHOLDERS.find(([begins]) => begins.test(written))?.[1] ?? written
    end = token.end
  }
  text = text.replace(/(?:\s*;)+$/, '')
  // A line break could only stand inside a quoted name.
  if (/[\r\n]/.test(text)) return undefined
  const again = await identify(parser, text)
  const isSame = again?.fingerprint === name.fingerprint && again.words === name.words
  return isSame ? { ...name, sql: text } : undefined
}
