/** Rewrites a statement on one line without comments, without changing its meaning. */
import type { Parser } from '../parser'
import { identify } from './identify'

const COMMENTS = new Set(['SQL_COMMENT', 'C_COMMENT'])

/** @returns undefined if that is impossible, as for a constant with a line break */
export async function normalize(parser: Parser, sql: string): Promise<string | undefined> {
  const bytes = Buffer.from(sql, 'utf8')
  const name = await identify(parser, sql)
  const tokens = await parser.scan(bytes)
  if (name === undefined || tokens === undefined) return undefined
  let text = ''
  let end = 0
  for (const token of tokens) {
    if (COMMENTS.has(token.tokenName)) continue
    if (token.start > end && text !== '') text += ' '
    text += bytes.subarray(token.start, token.end).toString('utf8')
    end = token.end
  }
  text = text.replace(/(?:\s*;)+$/, '')
  if (/[\r\n]/.test(text)) return undefined
  return (await identify(parser, text)) === name ? text : undefined
}
