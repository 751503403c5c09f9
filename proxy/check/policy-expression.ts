/** Analyses a policy's condition: what it compares, and what it calls for each row. */
import type { Parser } from '../src/gate/parser'

type Tree = Readonly<Record<string, unknown>>

/**
 * @param expression from pg_get_expr()
 * @returns its tree; undefined if this parser is older than the server's syntax
 */
export async function parseExpression(
  parser: Parser,
  expression: string,
): Promise<Tree | undefined> {
  const parsed = await parser.parse(Buffer.from(`select ${expression}`, 'utf8'))
  if (parsed.kind !== 'tree') return undefined
  return find(parsed.statements, 'ResTarget')[0]
}

/** The tree of whole statements; undefined if they cannot be parsed. */
export async function parseStatement(parser: Parser, sql: string): Promise<unknown> {
  const parsed = await parser.parse(Buffer.from(sql, 'utf8'))
  return parsed.kind === 'tree' ? parsed.statements : undefined
}

/**
 * Calls that run for every row although their result is constant: outside a sub-select, or in one that
 * depends on the row, such as (select auth.user_id() = user_id).
 * @param isSlow whether a function, by its name as written, should run only once
 */
export function callsPerRow(tree: Tree, isSlow: (name: string) => boolean): string[] {
  const calls: string[] = []
  visit(tree, false)
  return [...new Set(calls)]

  function visit(value: unknown, once: boolean): void {
    for (const [key, child] of entries(value)) {
      const node = asTree(child)
      if (key === 'FuncCall' && !once) {
        const name = functionName(node)
        if (isSlow(name) && find(node.args, 'ColumnRef').length === 0) calls.push(name)
      }
      if (key === 'SubLink') {
        // The left side of IN is evaluated per row, whatever the right side is.
        visit(node.testexpr, once)
        visit(node.subselect, isEvaluatedOnce(node))
      } else {
        visit(child, once)
      }
    }
  }
}

/**
 * An uncorrelated sub-select without a table runs once per statement: as an InitPlan, or after IN and ALL as
 * a subplan whose result is hashed or kept.
 */
function isEvaluatedOnce(link: Tree): boolean {
  const select = asTree(asTree(link.subselect).SelectStmt)
  return select.fromClause === undefined && find(select, 'ColumnRef').length === 0
}

export function constantOf(value: unknown): string | number | undefined {
  const { A_Const: constant, TypeCast: cast } = asTree(value)
  if (cast !== undefined) {
    const { arg, typeName } = asTree(cast)
    const type = strings(asTree(typeName).names).at(-1) ?? ''
    const inner = constantOf(arg)
    // pg_get_expr() writes '-1'::integer.
    const isNumber = /^(int[248]|float[48]|numeric)$/.test(type) && typeof inner === 'string'
    return isNumber ? Number(inner) : inner
  }
  const node = asTree(constant)
  if (node.isnull === true || constant === undefined) return undefined
  if (node.ival !== undefined) return Number(asTree(node.ival).ival ?? 0)
  if (node.fval !== undefined) return Number(asTree(node.fval).fval ?? 0)
  if (node.boolval !== undefined) return String(asTree(node.boolval).boolval === true)
  return text(asTree(node.sval).sval)
}

/**
 * Whether it depends on the row: on a column that is not from a table of its own sub-selects.
 * (pg_get_expr() qualifies every column there.)
 */
export function looksAtRow(tree: unknown, tables: ReadonlySet<string> = new Set()): boolean {
  return entries(tree).some(([key, child]) => {
    const node = asTree(child)
    if (key === 'ColumnRef') {
      const qualifier = strings(node.fields).at(-2)
      return qualifier === undefined || !tables.has(qualifier)
    }
    if (key !== 'SelectStmt') return looksAtRow(child, tables)
    return looksAtRow(child, new Set([...tables, ...tablesOf(node.fromClause)]))
  })
}

/** The names of the items in a FROM clause. */
function tablesOf(from: unknown): string[] {
  return ['RangeVar', 'RangeSubselect', 'RangeFunction', 'JoinExpr'].flatMap((type) =>
    find(from, type).map(({ alias, relname }) => text(asTree(alias).aliasname) || text(relname)),
  )
}

/** Columns of the row that are compared for equality, so that an index could be used. */
export function comparedColumns(value: unknown): string[] {
  const [[type, child] = ['', {}]] = entries(unwrapped(value))
  const node = asTree(child)
  if (type === 'BoolExpr') return asList(node.args).flatMap(comparedColumns)
  const column = comparedColumn(type, node)
  return column === undefined ? [] : [column]
}

/**
 * The compared columns without an index, for which every query reads the whole table. Under AND one index is
 * enough; under OR each side needs one. Other conditions are ignored.
 */
export function unindexedColumns(
  value: unknown,
  isIndexed: (column: string) => boolean,
): string[] | undefined {
  const [[type, child] = ['', {}]] = entries(unwrapped(value))
  const node = asTree(child)
  if (type !== 'BoolExpr') {
    const column = comparedColumn(type, node)
    if (column === undefined) return undefined
    return isIndexed(column) ? [] : [column]
  }
  const sides = asList(node.args).map((side) => unindexedColumns(side, isIndexed))
  const known = sides.filter((side) => side !== undefined)
  const isHopeless = node.boolop === 'NOT_EXPR' || known.length === 0
  if (isHopeless || (node.boolop === 'OR_EXPR' && known.length < sides.length)) return undefined
  if (node.boolop === 'AND_EXPR' && known.some((side) => side.length === 0)) return []
  return known.flat()
}

/** Unwraps (select a = b) to a = b. */
function unwrapped(value: unknown): unknown {
  const { subLinkType, subselect } = asTree(asTree(value).SubLink)
  const { targetList, fromClause, whereClause } = asTree(asTree(subselect).SelectStmt)
  if (subLinkType !== 'EXPR_SUBLINK' || (fromClause ?? whereClause) !== undefined) return value
  return asTree(asTree(asList(targetList)[0]).ResTarget).val ?? value
}

function comparedColumn(type: string, node: Tree): string | undefined {
  if (type === 'SubLink') {
    return node.subLinkType === 'ANY_SUBLINK' ? columnName(node.testexpr) : undefined
  }
  if (type !== 'A_Expr' || strings(node.name).at(-1) !== '=') return undefined
  const [left, right] = [columnName(node.lexpr), columnName(node.rexpr)]
  if (left !== undefined && right !== undefined) return undefined
  const other = asTree(asTree(left === undefined ? node.lexpr : node.rexpr).A_Const)
  // An index on a boolean column is rarely useful.
  return other.boolval === undefined ? (left ?? right) : undefined
}

function columnName(value: unknown): string | undefined {
  const { ColumnRef: reference, TypeCast: cast } = asTree(value)
  if (cast !== undefined) return columnName(asTree(cast).arg)
  return reference === undefined ? undefined : strings(asTree(reference).fields).at(-1)
}

/** All nodes of a type in the tree. */
export function find(value: unknown, type: string): Tree[] {
  return entries(value).flatMap(([key, child]) => [
    ...(key === type ? [asTree(child)] : []),
    ...find(child, type),
  ])
}

export function strings(list: unknown): string[] {
  return asList(list).flatMap((item) => {
    const { sval } = asTree(asTree(item).String)
    return typeof sval === 'string' ? [sval] : []
  })
}

/** As written, such as auth.user_id. */
export function functionName(call: Tree): string {
  return strings(call.funcname).join('.')
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

export function asTree(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? (value as Tree) : {}
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}
