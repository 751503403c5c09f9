/** The statement gate: a statement gets through only when its parse tree holds nothing unlisted. */
import { ProxyError } from '../errors'
import { LruMap } from '../lru'
import { decide, type Verdict } from './decide'
import { createParser, type Parser } from './parser'
import { Refusal } from './refusal'
import { isSlowToScan } from './scan-cost'
import { Turns } from './turns'

/** Decides on a statement; resolves with its verdict or rejects with a ProxyError. */
export type Gate = (sql: string) => Promise<Verdict>

/** Parsing blocks the event loop, about 1 ms for each 4 KiB of the worst SQL. */
const MAX_STATEMENT_BYTES = 256 * 1024

/** Verdicts are kept by SQL text; a flood of distinct statements only turns the cache over. */
const CACHE_ENTRIES = 5_000
const CACHE_BYTES = 8 * 1024 * 1024
const MAX_CACHED_LENGTH = 16 * 1024

/**
 * @param functions the owner's own functions that may be called, as `schema.name`
 */
export async function createGate(functions: readonly string[] = []): Promise<Gate> {
  const parser = await createParser()
  const allowed = new Set(functions)
  const cache = new LruMap<Verdict | ProxyError>(CACHE_ENTRIES, CACHE_BYTES)
  const turns = new Turns()
  const judgeInTurn = async (sql: string) => {
    await turns.take(sql.length)
    // Whoever asked first may have had the answer meanwhile.
    const outcome = cache.get(sql) ?? (await judge(parser, sql, allowed))
    if (sql.length <= MAX_CACHED_LENGTH) cache.set(sql, outcome, sql.length * 2 + 100)
    return outcome
  }
  return async (sql) => {
    const outcome = cache.get(sql) ?? (await judgeInTurn(sql))
    if (outcome instanceof ProxyError) throw outcome
    return outcome
  }
}

/** No gate at all, so that tests can prove what the other layers hold on their own. */
export const openGate: Gate = (sql) => {
  // Not a matter of policy: a NUL would end the text inside the protocol message.
  if (sql.includes('\0')) return Promise.reject(refused('it holds a NUL character'))
  return Promise.resolve({ leavesState: true, isRead: false })
}

async function judge(
  parser: Parser,
  sql: string,
  functions: ReadonlySet<string>,
): Promise<Verdict | ProxyError> {
  if (sql.includes('\0')) return refused('it holds a NUL character')
  const bytes = Buffer.from(sql, 'utf8')
  if (bytes.length > MAX_STATEMENT_BYTES) {
    return refused(
      `it is ${bytes.length} bytes long and ${MAX_STATEMENT_BYTES} are allowed; send values as parameters`,
    )
  }
  if (isSlowToScan(sql)) return refused('it holds too long a run of operator characters')
  const parsed = await parser.parse(bytes)
  if (parsed.kind === 'too-deep') return refused('it is nested too deeply to be checked')
  if (parsed.kind === 'syntax') return syntaxError(parsed.message, parsed.position)
  if (parsed.statements.length > 1) {
    return syntaxError('cannot insert multiple commands into a prepared statement', 0)
  }
  try {
    return decide(parsed.statements, functions)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refused(error.message, position(bytes, error.offset))
  }
}

/** SQLSTATE 42501, insufficient_privilege: what Postgres says when a role may not do a thing. */
function refused(reason: string, at?: string): ProxyError {
  return new ProxyError('statement_refused', `statement refused by the proxy: ${reason}`, {
    code: '42501',
    severity: 'ERROR',
    ...(at === undefined ? {} : { position: at }),
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
