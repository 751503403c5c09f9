/**
 * Leaves out of a VALUES list the rows that add nothing to decide on, so that judging an insert of
 * 13,107 rows takes no longer than reading it: those of parameters and DEFAULT alone, and those that
 * differ from the first one in the numbers of their parameters only.
 *
 * Nothing is left out of a string, a quoted name or a comment, where the text counts: a constant may be
 * searched for, and the size of what is searched for is bounded. What is left out holds nothing with
 * which one of them could begin.
 */

/** Shorter texts are judged as they are. */
const MIN_LENGTH = 64 * 1024
/**
 * VALUES, or what stands in quotes and holds no backslash, or the beginning of anything else in which
 * words mean nothing: a string with a backslash, a comment, a dollar quote.
 */
const NEXT = /\bvalues *(?=\()|'[^'\\]*'|"[^"]*"|['"]|--|\/\*|\$(?!\d)/gi
/** A cast is judged: it may be a call. */
const ITEM = String.raw`(?:\$\d{1,5}|default)`
const ROW = new RegExp(String.raw`\( ?${ITEM}(?: ?, ?${ITEM})* ?\)`, 'iy')
const SEPARATOR = / ?, ?(?=\()/y

export function withoutRepeatedRows(sql: string): string {
  if (sql.length < MIN_LENGTH) return sql
  let kept = ''
  let at = 0
  for (const { index, 0: found } of sql.matchAll(NEXT)) {
    if (!/^v/i.test(found)) {
      if (/^(['"]).*\1$/s.test(found)) continue
      break
    }
    const start = index + found.length
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
