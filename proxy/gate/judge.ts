/** Judges one statement from its text, which takes CPU time: not on the event loop (`threads/`). */
import { ProxyError, type ErrorFields } from '../errors'
import { decide, type Verdict } from './decide'
import type { Parser } from './parser'
import { Refusal } from './refusal'
import { isSlowToScan } from './scan-cost'

/**
 * @param functions the owner's own functions that may be called, as `schema.name`
 * @throws ProxyError when the statement is refused
 */
export async function judge(
  parser: Parser,
  sql: string,
  functions: ReadonlySet<string>,
): Promise<Verdict> {
  if (isSlowToScan(sql)) throw refused('it holds too long a run of operator characters')
  const bytes = Buffer.from(sql, 'utf8')
  const parsed = await parser.parse(bytes)
  if (parsed.kind === 'too-complex') throw tooComplex()
  if (parsed.kind === 'syntax') throw syntaxError(parsed.message, parsed.position)
  if (parsed.statements.length > 1) {
    throw syntaxError('cannot insert multiple commands into a prepared statement', 0)
  }
  try {
    const verdict = decide(parsed.statements, functions)
    // A comment says as much about who wrote it as a constant does.
    return { ...verdict, holdsContent: verdict.holdsContent || /--|\/\*/.test(sql) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const at = position(bytes, error.offset)
    throw refused(error.message, at === undefined ? {} : { position: at })
  }
}

/** SQLSTATE 42501, insufficient_privilege: what Postgres says when a role may not do a thing. */
export function refused(reason: string, fields: ErrorFields = {}): ProxyError {
  return new ProxyError('statement_refused', `statement refused by the proxy: ${reason}`, {
    code: '42501',
    severity: 'ERROR',
    ...fields,
  })
}

/** SQLSTATE 54001, statement_too_complex. */
export function tooComplex(): ProxyError {
  return refused('it is nested too deeply, or too large, to be checked', {
    code: '54001',
    hint: 'Send values as parameters, and long work as several statements.',
  })
}

/** As Postgres would have said it; the parser is Postgres' own. */
function syntaxError(message: string, at: number): ProxyError {
  return new ProxyError('statement_syntax', message, {
    code: '42601',
    severity: 'ERROR',
    ...(at > 0 ? { position: String(at) } : {}),
  })
}

/** Postgres counts characters from 1, the parse tree bytes from 0. */
function position(sql: Buffer, offset: number | undefined): string | undefined {
  if (offset === undefined) return undefined
  return String(Array.from(sql.subarray(0, offset).toString('utf8')).length + 1)
}
