/**
 * Shortens VALUES lists before parsing, so that judging an insert of 13,107 rows takes no longer than
 * reading it. It leaves out the rows that follow a first row when all of them consist of parameters and
 * DEFAULT only.
 *
 * Strings, quoted names and comments stay complete, because their content matters: a constant can be a
 * search pattern, whose size is bounded. The omitted text contains nothing that could begin one of them.
 */

/** Shorter texts are judged unchanged. */
const MIN_LENGTH = 64 * 1024
/**
 * VALUES; a quoted text without a backslash; or the start of anything else whose content is not SQL: a
 * string with a backslash, a comment, a dollar quote.
 */
const NEXT = /\bvalues *(?=\()|'[^'\\]*'|"[^"]*"|['"]|--|\/\*|\$(?!\d)/gi
/** No casts, which may be calls and must be judged. */
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
    // Within the omitted rows.
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
