/**
 * Leaves out of a VALUES list the rows that add nothing to decide on, so that judging an insert of
 * 13,107 rows takes no longer than reading it: those of parameters and DEFAULT alone, and those that
 * differ from the first one in the numbers of their parameters only.
 *
 * What is left out begins behind one `)` and ends with another, and holds no quote, backslash, line
 * break, dash, slash, colon or `$` before a letter. So it can neither begin nor end a string, a quoted name, a
 * comment or a dollar quote: if it stands inside of one, the verdict is not about it in either text.
 */

/** Shorter texts are judged as they are. */
const MIN_LENGTH = 64 * 1024
const VALUES = /\bvalues *(?=\()/gi
/** A cast is judged: it may be a call. */
const ITEM = String.raw`(?:\$\d{1,5}|default)`
const ROW = new RegExp(String.raw`\( ?${ITEM}(?: ?, ?${ITEM})* ?\)`, 'iy')
const SEPARATOR = / ?, ?(?=\()/y

export function withoutRepeatedRows(sql: string): string {
  if (sql.length < MIN_LENGTH) return sql
  let kept = ''
  let at = 0
  for (const { index, 0: values } of sql.matchAll(VALUES)) {
    const start = index + values.length
    // Within the rows that were left out.
    if (start < at) continue
    const first = match(ROW, sql, start)
    if (first === '') continue
    const end = start + first.length
    kept += sql.slice(at, end)
    at = endOfRows(sql, end)
  }
  return kept + sql.slice(at)
}

function endOfRows(sql: string, start: number): number {
  for (let end = start; ;) {
    const separator = match(SEPARATOR, sql, end)
    const row = separator === '' ? '' : match(ROW, sql, end + separator.length)
    if (row === '') return end
    end += separator.length + row.length
  }
}

function match(pattern: RegExp, sql: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0] ?? ''
}
