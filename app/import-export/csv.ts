/**
 * CSV as RFC 4180 has it. What is written is safe to open in a spreadsheet: no cell is a formula. What is read may
 * come from one: with a BOM, with `;` or tabs, with any line ends.
 */
import { FileError } from './file-error'

export type CsvRow = { line: number; cells: string[] }

const byteOrderMark = '\uFEFF'

/** A spreadsheet takes a cell that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** With a BOM, or Excel reads UTF-8 as something else. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return byteOrderMark + csvLines(rows)
}

/** More rows of the same file. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quote).join(',')}\r\n`).join('')
}

/** All cells are quoted: a spreadsheet that splits at another character must not find a formula within one. */
function quote(cell: string): string {
  return `"${(formula.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`
}

/** Takes away the apostrophe that `writeCsv`, or a spreadsheet, has put before a formula. */
function unquoted(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}

/** @throws FileError with the line */
export function parseCsv(text: string): CsvRow[] {
  const source = text.startsWith(byteOrderMark) ? text.slice(1) : text
  const separator = separatorOf(source)
  const rows: CsvRow[] = []
  let cells: string[] = []
  let [at, line, rowLine] = [0, 1, 1]

  const endRow = () => {
    // An empty line is no row.
    if (cells.length > 1 || cells[0] !== '')
      rows.push({ line: rowLine, cells: cells.map(unquoted) })
    cells = []
    rowLine = line
  }
  while (at < source.length) {
    if (source[at] === '"') {
      const { value, end } = readQuoted(source, at, line)
      cells.push(value)
      line += countLines(value)
      at = end
      if (at < source.length && source[at] !== separator && !isLineEnd(source[at])) {
        throw new FileError('there is text after a closing quote', line)
      }
    } else {
      const end = endOfCell(source, at, separator)
      cells.push(source.slice(at, end))
      at = end
    }
    if (source[at] === separator) {
      at++
      if (at === source.length || isLineEnd(source[at])) cells.push('')
      else continue
    }
    if (source[at] === '\r' && source[at + 1] === '\n') at++
    at++
    line++
    endRow()
  }
  return rows
}

function readQuoted(source: string, start: number, line: number): { value: string; end: number } {
  let value = ''
  let at = start + 1
  for (;;) {
    const quoteAt = source.indexOf('"', at)
    if (quoteAt === -1) throw new FileError('a quote is not closed', line)
    value += source.slice(at, quoteAt)
    if (source[quoteAt + 1] !== '"') return { value, end: quoteAt + 1 }
    value += '"'
    at = quoteAt + 2
  }
}

function endOfCell(source: string, start: number, separator: string): number {
  let at = start
  while (at < source.length && source[at] !== separator && !isLineEnd(source[at])) at++
  return at
}

const isLineEnd = (character: string | undefined) => character === '\n' || character === '\r'
const countLines = (text: string) => (text.match(/\r\n|\r|\n/g) ?? []).length

/** The one of the three that the first line has most of. */
function separatorOf(source: string): string {
  const firstLine = source.slice(0, Math.max(0, source.search(/[\r\n]/)) || source.length)
  const count = (separator: string) => firstLine.split(separator).length
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}
