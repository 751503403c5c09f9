/** A statement's parse tree in short, and what it does with which tables. Runs off the event loop (`threads/`). */
import { STATEMENTS } from '../gate/nodes'
import type { Parser } from '../gate/parser'
import { withoutRepeatedRows } from '../gate/repeated-rows'
import { isSlowToScan } from '../gate/scan-cost'

export type Outline = {
  /** One line a node; deeper nodes follow theirs. */
  readonly tree: readonly OutlineLine[]
  readonly relations: readonly NamedRelation[]
  /** Whether EXPLAIN takes it. */
  readonly isExplainable: boolean
}

export type OutlineLine = { readonly depth: number; readonly text: string }

export type Command = 'select' | 'insert' | 'update' | 'delete'

export type NamedRelation = {
  readonly schema: string | undefined
  readonly name: string
  readonly commands: readonly Command[]
}

/** As the trace shows it. */
export type OutlinedStatement = Pick<Outline, 'tree'>

const MOST_LINES = 100
const MOST_DEPTH = 24
const MOST_CHARACTERS = 100

type Tree = Readonly<Record<string, unknown>>

/**
 * For showing: it decides nothing, so it takes any statement and leaves out what it does not know.
 * @returns undefined when Postgres' parser cannot read it
 */
export async function outline(parser: Parser, sql: string): Promise<Outline | undefined> {
  if (isSlowToScan(sql)) return undefined
  const parsed = await parser.parse(Buffer.from(withoutRepeatedRows(sql), 'utf8'))
  if (parsed.kind !== 'tree') return undefined
  const [first, second] = parsed.statements
  const root = isTree(first) ? wrapped(first.stmt) : undefined
  if (root === undefined) return { tree: [], relations: [], isExplainable: false }
  const tree: OutlineLine[] = []
  draw(root.type, root.node, '', 0, tree)
  return {
    tree,
    relations: relationsIn(root),
    isExplainable: second === undefined && STATEMENTS.has(root.type),
  }
}

function draw(type: string, node: Tree, field: string, depth: number, lines: OutlineLine[]): void {
  if (lines.length >= MOST_LINES || depth > MOST_DEPTH) return
  const detail = detailOf(type, node)
  const text = [field && `${field}:`, type, detail].filter(Boolean).join(' ')
  lines.push({
    depth,
    text: text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text,
  })
  if (LEAVES.has(type)) return
  for (const child of childrenOf(node)) {
    // Names are part of their node's own line.
    if (child.type !== 'String') draw(child.type, child.node, child.field, depth + 1, lines)
  }
}

/** Their detail says it all. */
const LEAVES = new Set(['RangeVar', 'ColumnRef', 'A_Const', 'ParamRef', 'TypeName'])

function detailOf(type: string, node: Tree): string {
  switch (type) {
    case 'RangeVar':
      return [node.schemaname, node.relname].filter(isText).join('.')
    case 'ColumnRef':
      return namesIn(node.fields).join('.')
    case 'FuncCall':
      return `${namesIn(node.funcname).join('.')}()`
    case 'TypeName':
      return namesIn(node.names).join('.')
    case 'A_Expr':
      return namesIn(node.name).join('.')
    case 'A_Const':
      return constantIn(node)
    case 'ParamRef':
      return `$${wordOf(node.number)}`
    default: {
      const word = WORDS.map((field) => node[field]).find(
        (value) => isText(value) && value !== NO_SET,
      )
      return isText(word) ? word : ''
    }
  }
}

const WORDS = [
  'name',
  'ctename',
  'aliasname',
  'boolop',
  'nulltesttype',
  'subLinkType',
  'jointype',
  'op',
]
/** A SELECT without UNION and the like. */
const NO_SET = 'SETOP_NONE'

function wordOf(value: unknown): string {
  const isWord = typeof value === 'number' || typeof value === 'boolean' || isText(value)
  return isWord ? String(value) : ''
}

function constantIn({ ival, fval, boolval, sval, isnull }: Tree): string {
  if (isnull === true) return 'NULL'
  if (isTree(sval)) return `'${isText(sval.sval) ? sval.sval : ''}'`
  // libpg_query leaves out what is 0, false or empty.
  if (isTree(ival)) return wordOf(ival.ival ?? 0)
  if (isTree(boolval)) return wordOf(boolval.boolval ?? false)
  return isTree(fval) ? wordOf(fval.fval) : ''
}

/** The words of a list of String nodes; `*` for A_Star. */
function namesIn(list: unknown): string[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown) => {
    const part = wrapped(item)
    if (part?.type === 'A_Star') return ['*']
    return isText(part?.node.sval) ? [part.node.sval] : []
  })
}

type Child = { readonly type: string; readonly node: Tree; readonly field: string }

function childrenOf(node: Tree): Child[] {
  return Object.entries(node).flatMap(([field, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((item) => {
      if (!isTree(item)) return []
      // Where the grammar leaves one type only, libpg_query writes the node without its type.
      const { type, node: child } = wrapped(item) ?? { type: UNWRAPPED[field] ?? '', node: item }
      // A column of the result is its value, unless it has a name of its own.
      const value =
        type === 'ResTarget' && child.name === undefined ? wrapped(child.val) : undefined
      return [{ field, ...(value ?? { type, node: child }) }]
    }),
  )
}

const UNWRAPPED: Readonly<Record<string, string>> = { relation: 'RangeVar', typeName: 'TypeName' }

function relationsIn(root: { type: string; node: Tree }): NamedRelation[] {
  const found = new Map<
    string,
    { relation: Omit<NamedRelation, 'commands'>; commands: Set<Command> }
  >()
  const ctes = new Set<unknown>()
  let isLocking = false
  const add = (node: Tree, commands: readonly Command[]) => {
    if (!isText(node.relname)) return
    const schema = isText(node.schemaname) ? node.schemaname : undefined
    const key = JSON.stringify([schema, node.relname])
    const known = found.get(key) ?? {
      relation: { schema, name: node.relname },
      commands: new Set<Command>(),
    }
    for (const command of commands) known.commands.add(command)
    found.set(key, known)
  }
  const read: Tree[] = []
  const todo: Child[] = [{ ...root, field: '' }]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { type, node, field } = next
    if (type === 'CommonTableExpr') ctes.add(node.ctename)
    if (type === 'LockingClause') isLocking = true
    const target = isTree(node.relation) ? node.relation : undefined
    if (target !== undefined && WRITES.has(type)) add(target, commandsOf(type, node))
    else if (type === 'RangeVar' && field !== 'relation') read.push(node)
    for (const child of childrenOf(node)) todo.push(child)
  }
  for (const node of read) {
    const isCte = node.schemaname === undefined && ctes.has(node.relname)
    if (!isCte) add(node, isLocking ? ['select', 'update'] : ['select'])
  }
  return [...found.values()].map(({ relation, commands }) => ({
    ...relation,
    commands: [...commands],
  }))
}

const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])

/**
 * Which policies a change needs: reading a column of the table needs those for SELECT, too.
 * https://www.postgresql.org/docs/current/sql-createpolicy.html#SQL-CREATEPOLICY-SUMMARY
 */
function commandsOf(type: string, node: Tree): Command[] {
  const reads: Command[] = hasColumn(node) ? ['select'] : []
  switch (type) {
    case 'InsertStmt': {
      const conflict = isTree(node.onConflictClause) ? node.onConflictClause : undefined
      const updates: Command[] = conflict?.action === 'ONCONFLICT_UPDATE' ? ['update'] : []
      const reading = conflict !== undefined || hasColumn({ returning: node.returningClause })
      return ['insert', ...updates, ...(reading ? (['select'] as const) : [])]
    }
    case 'UpdateStmt':
      return ['update', ...reads]
    case 'DeleteStmt':
      return ['delete', ...reads]
    default: {
      const clauses = childrenOf({ mergeWhenClauses: node.mergeWhenClauses })
      return [
        ...clauses.flatMap(({ node: { commandType } }) => MERGED[String(commandType)] ?? []),
        'select',
      ]
    }
  }
}

const MERGED: Readonly<Record<string, Command>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
}

function hasColumn(node: Tree): boolean {
  const todo: Child[] = childrenOf(node)
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next.type === 'ColumnRef') return true
    for (const child of childrenOf(next.node)) todo.push(child)
  }
  return false
}

/** `{ "Type": { … } }` */
function wrapped(value: unknown): { type: string; node: Tree } | undefined {
  if (!isTree(value)) return undefined
  const [entry, more] = Object.entries(value)
  if (entry === undefined || more !== undefined || !/^[A-Z]/.test(entry[0])) return undefined
  return isTree(entry[1]) ? { type: entry[0], node: entry[1] } : undefined
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
