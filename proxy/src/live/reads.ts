/** Finds the names that a statement reads by, so that the catalog can say which tables those are. */
import { ProxyError } from '../errors'
import type { Parser } from '../gate/parser'
import { names } from '../gate/walk'

/** Names as `schema.name`, or without a schema as Postgres looks them up; each quoted. */
export type Reads = {
  readonly relations: readonly string[]
  readonly functions: readonly string[]
  /** Names after a dot, which may call a function: `row.f`. */
  readonly attributes: readonly string[]
  /** Tables that are known by oid. */
  readonly oids?: readonly string[]
}

type Tree = Readonly<Record<string, unknown>>

/** Functions whose result depends on the time. `age` with one argument reads the date. */
const CLOCKS = new Set([
  'now',
  'statement_timestamp',
  'transaction_timestamp',
  'clock_timestamp',
  'timeofday',
])

/** A constant that Postgres may replace by the current time. */
const CLOCK_WORD = /^\s*(now|today|tomorrow|yesterday)\b/i

/**
 * A name of a WITH query counts as a table, too: a table of that name may be read inside of it.
 * @param sql of one statement that the gate has accepted, or that the owner has declared
 * @throws ProxyError live_refused when the answer would change with the time
 */
export async function findReads(parser: Parser, sql: string): Promise<Reads> {
  const parsed = await parser.parse(Buffer.from(sql, 'utf8'))
  if (parsed.kind !== 'tree') throw liveRefused('the statement cannot be read')
  const found = {
    relations: new Set<string>(),
    functions: new Set<string>(),
    attributes: new Set<string>(),
  }
  const todo: unknown[] = [parsed.statements]
  while (todo.length > 0) {
    const value = todo.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [type, child] of Object.entries(value)) {
      if (isTree(child)) read(type, child, found)
      todo.push(child)
    }
  }
  return {
    relations: [...found.relations].sort(),
    functions: [...found.functions].sort(),
    attributes: [...found.attributes].sort(),
  }
}

type Found = Readonly<Record<'relations' | 'functions' | 'attributes', Set<string>>>

function read(type: string, node: Tree, found: Found): void {
  switch (type) {
    case 'RangeVar':
      found.relations.add(qualified(node.schemaname, node.relname))
      break
    case 'SQLValueFunction':
      if (/(DATE|TIME)/.test(String(node.op))) throw readsClock()
      break
    case 'A_Const':
      if (isTree(node.sval) && CLOCK_WORD.test(String(node.sval.sval))) throw readsClock()
      break
    case 'FuncCall': {
      const name = names(node.funcname).at(-1) ?? ''
      const isAge = name === 'age' && Array.isArray(node.args) && node.args.length === 1
      if (CLOCKS.has(name) || isAge) throw readsClock()
      found.functions.add(name)
      break
    }
    case 'ColumnRef':
    case 'A_Indirection':
      for (const name of lastNames(node.fields ?? node.indirection)) found.attributes.add(name)
  }
}

function lastNames(path: unknown): string[] {
  if (!Array.isArray(path)) return []
  return path.flatMap((part: unknown) => {
    const name = isTree(part) && isTree(part.String) ? part.String.sval : undefined
    return typeof name === 'string' ? [name] : []
  })
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function qualified(schema: unknown, name: unknown): string {
  return [schema, name]
    .flatMap((part) => (typeof part === 'string' ? [`"${part.replaceAll('"', '""')}"`] : []))
    .join('.')
}

function readsClock(): ProxyError {
  return liveRefused('its answer would change with the time, without any row being changed', {
    hint: 'Send the time as a parameter, and ask again when it has passed.',
  })
}

/** SQLSTATE 0A000, feature_not_supported. */
export function liveRefused(why: string, fields: { readonly hint?: string } = {}): ProxyError {
  return new ProxyError('live_refused', `not possible as a live query: ${why}`, {
    code: '0A000',
    severity: 'ERROR',
    ...fields,
  })
}
