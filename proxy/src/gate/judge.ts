/** Judges one statement. This takes CPU time, so it runs off the event loop (`threads/`). */
import { ProxyError, type ErrorFields } from '../errors'
import { decide, type Verdict } from './decide'
import type { Parser } from './parser'
import { Refusal } from './refusal'
import { withoutRepeatedRows } from './repeated-rows'
import { isSlowToScan } from './scan-cost'

/**
 * @param functions the owner's own functions that may be called, as `schema.name`
 * @throws ProxyError when the statement is refused
 */
export async function judge(
  parser: Parser,
  whole: string,
  functions: ReadonlySet<string>,
): Promise<Verdict> {
  if (isSlowToScan(whole)) throw refused('it holds too long a run of operator characters')
  const sql = withoutRepeatedRows(whole)
  const bytes = Buffer.from(sql, 'utf8')
  // Positions in the shortened text are not those in the original.
  const hasPositions = sql === whole
  const parsed = await parser.parse(bytes)
  if (parsed.kind === 'too-complex') throw tooComplex(whole)
  if (parsed.kind === 'syntax')
    throw syntaxError(parsed.message, hasPositions ? parsed.position : 0)
  if (parsed.statements.length > 1) {
    throw syntaxError('cannot insert multiple commands into a prepared statement', 0)
  }
  try {
    const verdict = decide(parsed.statements, functions)
    // A comment can identify its author just like a constant.
    return { ...verdict, holdsContent: verdict.holdsContent || /--|\/\*/.test(sql) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const at = position(bytes, error.offset)
    throw refused(error.message, at === undefined || !hasPositions ? {} : { position: at })
  }
}

/** SQLSTATE 42501, insufficient_privilege, as Postgres uses for missing rights. */
export function refused(reason: string, fields: ErrorFields = {}): ProxyError {
  return new ProxyError('statement_refused', `statement refused by the proxy: ${reason}`, {
    code: '42501',
    severity: 'ERROR',
    ...fields,
  })
}

/** From this length on, the size is the likely reason, not the nesting. */
const LARGE_LENGTH = 64 * 1024

/** SQLSTATE 54001, statement_too_complex, or for large statements 54000, program_limit_exceeded. */
export function tooComplex(sql: string): ProxyError {
  if (sql.length < LARGE_LENGTH) {
    return refused('it is nested too deeply, or too large, to be checked', {
      code: '54001',
      hint: 'Send values as parameters, and long work as several statements.',
    })
  }
  return refused(
    `checking its ${sql.length} characters takes more time or memory than PROXY_STATEMENT_CHECK_MS allows`,
    {
      code: '54000',
      hint: 'Send long lists as one array, = any($1), and long work as several statements, or raise PROXY_STATEMENT_CHECK_MS.',
    },
  )
}

/** Postgres' own message, from its parser. */
function syntaxError(message: string, at: number): ProxyError {
  return new ProxyError('statement_syntax', message, {
    code: '42601',
    severity: 'ERROR',
    ...(at > 0 ? { position: String(at) } : {}),
  })
}

/** Postgres counts characters from 1; the parse tree counts bytes from 0. */
function position(sql: Buffer, offset: number | undefined): string | undefined {
  if (offset === undefined) return undefined
  return String(Array.from(sql.subarray(0, offset).toString('utf8')).length + 1)
}
