/**
 * Splits a text into its statements, and reads those that sessions have and single requests do not:
 * transaction control, settings, cursors. All others are for the gate. Runs off the event loop (`threads/`).
 */
import { ProxyError } from '../errors'
import type { Parser } from './parser'
import { text } from './rules'
import { isSlowToScan } from './scan-cost'
import { asList, asNode, unwrap, type Node } from './walk'

export type Modes = {
  readonly isolation?: IsolationLevel | undefined
  readonly readOnly?: boolean | undefined
  readonly deferrable?: boolean | undefined
}

const ISOLATION_LEVELS = [
  'read uncommitted',
  'read committed',
  'repeatable read',
  'serializable',
] as const
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number]

export type Command =
  /** Anything else: the gate decides. */
  | { readonly kind: 'query' }
  | { readonly kind: 'begin'; readonly modes: Modes; readonly tag: 'BEGIN' | 'START TRANSACTION' }
  | { readonly kind: 'commit' | 'rollback'; readonly chain: boolean }
  | { readonly kind: 'savepoint' | 'release' | 'rollback to'; readonly name: string }
  | { readonly kind: 'set transaction'; readonly modes: Modes }
  /** `undefined`: the default. */
  | {
      readonly kind: 'set'
      readonly name: string
      readonly value: string | undefined
      readonly isLocal: boolean
      readonly tag: 'SET' | 'RESET'
    }
  | { readonly kind: 'reset all' }
  | { readonly kind: 'discard all' }
  /** `undefined`: all. */
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  | { readonly kind: 'show'; readonly name: string }
  /** The query is for the gate. */
  | { readonly kind: 'declare'; readonly query: string }
  /** FETCH, MOVE and CLOSE. */
  | { readonly kind: 'cursor' }
  | { readonly kind: 'refused'; readonly why: string }

export type Part = { readonly sql: string; readonly command: Command }

/** In one message. Each is judged, sent and answered by itself. */
const MOST_PARTS = 100
/** CURSOR_OPT_HOLD of parsenodes.h: the cursor would outlive its transaction. */
const WITH_HOLD = 0x20

const QUERY: Command = { kind: 'query' }

/**
 * @returns one part for a text that cannot be parsed, which the gate and Postgres then refuse
 * @throws ProxyError when there are too many
 */
export async function readCommands(parser: Parser, sql: string): Promise<readonly Part[]> {
  if (isSlowToScan(sql)) return [{ sql, command: QUERY }]
  const bytes = Buffer.from(sql, 'utf8')
  const parsed = await parser.parse(bytes)
  if (parsed.kind !== 'tree') return [{ sql, command: QUERY }]
  if (parsed.statements.length > MOST_PARTS) {
    throw new ProxyError('statement_refused', `a query may hold ${MOST_PARTS} statements`, {
      code: '54000',
      severity: 'ERROR',
    })
  }
  const parts: Part[] = []
  for (const statement of parsed.statements.map(asNode)) {
    const start = numberOf(statement.stmt_location)
    const length = numberOf(statement.stmt_len)
    const bytesOf = bytes.subarray(start, length === 0 ? undefined : start + length)
    const command = await commandOf(parser, statement.stmt, bytesOf)
    parts.push({ sql: bytesOf.toString('utf8'), command })
  }
  return parts
}

async function commandOf(parser: Parser, stmt: unknown, sql: Buffer): Promise<Command> {
  const { type, node } = unwrap(stmt) ?? { type: '', node: {} }
  switch (type) {
    case 'TransactionStmt':
      return transactionControl(node)
    case 'VariableSetStmt':
      return setting(node)
    case 'VariableShowStmt':
      return { kind: 'show', name: text(node.name).toLowerCase() }
    case 'DiscardStmt':
      return node.target === 'DISCARD_ALL' ? { kind: 'discard all' } : QUERY
    case 'DeallocateStmt':
      return { kind: 'deallocate', name: node.isall === true ? undefined : text(node.name) }
    case 'DeclareCursorStmt':
      return declaration(parser, numberOf(node.options), sql)
    case 'FetchStmt':
    case 'ClosePortalStmt':
      return { kind: 'cursor' }
    case 'CopyStmt':
      return { kind: 'refused', why: 'COPY is not supported; use INSERT and SELECT' }
    default:
      return QUERY
  }
}

function transactionControl(node: Node): Command {
  const chain = node.chain === true
  const name = text(node.savepoint_name)
  switch (node.kind) {
    case 'TRANS_STMT_BEGIN':
      return { kind: 'begin', modes: modesOf(node.options), tag: 'BEGIN' }
    case 'TRANS_STMT_START':
      return { kind: 'begin', modes: modesOf(node.options), tag: 'START TRANSACTION' }
    case 'TRANS_STMT_COMMIT':
      return { kind: 'commit', chain }
    case 'TRANS_STMT_ROLLBACK':
      return { kind: 'rollback', chain }
    case 'TRANS_STMT_SAVEPOINT':
      return { kind: 'savepoint', name }
    case 'TRANS_STMT_RELEASE':
      return { kind: 'release', name }
    case 'TRANS_STMT_ROLLBACK_TO':
      return { kind: 'rollback to', name }
    default:
      return { kind: 'refused', why: 'two-phase commit is not supported' }
  }
}

/** @param options a list of `{ "DefElem": { "defname", "arg" } }` */
function modesOf(options: unknown): Modes {
  let modes: Modes = {}
  for (const option of asList(options ?? [])) {
    const node: Node = unwrap(option)?.node ?? {}
    const value = constantOf(node.arg)
    if (node.defname === 'transaction_isolation') {
      modes = { ...modes, isolation: ISOLATION_LEVELS.find((level) => level === value) }
    } else if (node.defname === 'transaction_read_only') {
      modes = { ...modes, readOnly: value === '1' }
    } else {
      modes = { ...modes, deferrable: value === '1' }
    }
  }
  return modes
}

function setting(node: Node): Command {
  const name = text(node.name).toLowerCase()
  const isLocal = node.is_local === true
  switch (node.kind) {
    case 'VAR_SET_MULTI':
      return name === 'transaction' ? { kind: 'set transaction', modes: modesOf(node.args) } : QUERY
    case 'VAR_RESET_ALL':
      return { kind: 'reset all' }
    case 'VAR_RESET':
      return { kind: 'set', name, value: undefined, isLocal, tag: 'RESET' }
    case 'VAR_SET_DEFAULT':
      return { kind: 'set', name, value: undefined, isLocal, tag: 'SET' }
    case 'VAR_SET_VALUE': {
      const values = asList(node.args ?? []).map(constantOf)
      // An interval, for example, is an expression.
      if (values.includes(undefined)) return QUERY
      return { kind: 'set', name, value: values.join(', '), isLocal, tag: 'SET' }
    }
    default:
      return QUERY
  }
}

/** The text of a constant; undefined for anything else. */
function constantOf(value: unknown): string | undefined {
  const { type, node } = unwrap(value) ?? { type: '', node: {} }
  if (type !== 'A_Const') return undefined
  if (node.sval !== undefined) return text(asNode(node.sval).sval)
  if (node.fval !== undefined) return text(asNode(node.fval).fval)
  if (node.ival !== undefined) return String(numberOf(asNode(node.ival).ival))
  return undefined
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/** The query is what follows FOR, a reserved word that no name can be without quotes. */
async function declaration(parser: Parser, options: number, sql: Buffer): Promise<Command> {
  if ((options & WITH_HOLD) !== 0) {
    return { kind: 'refused', why: 'a cursor WITH HOLD would outlive its transaction' }
  }
  const tokens = await parser.scan(sql)
  const found = tokens?.find(
    ({ start, end }) => sql.toString('utf8', start, end).toLowerCase() === 'for',
  )
  if (found === undefined) return QUERY
  return { kind: 'declare', query: sql.toString('utf8', found.end) }
}
