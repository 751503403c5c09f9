/** Reads a policy's condition by its parse tree: what it compares, and what it calls for each row. */
import type { Parser } from '../gate/parser'

type Tree = Readonly<Record<string, unknown>>

/**
 * @param expression as pg_get_expr() writes it
 * @returns its tree; nothing when this parser is older than the server's syntax
 */
export async function parseExpression(
  parser: Parser,
  expression: string,
): Promise<Tree | undefined> {
  const parsed = await parser.parse(Buffer.from(`select ${expression}`, 'utf8'))
  if (parsed.kind !== 'tree') return undefined
  return find(parsed.statements, 'ResTarget')[0]
}

/**
 * Calls that Postgres makes for every row although their result is the same for all: not in a
 * sub-select of their own, or in one that looks at the row, as (select auth.user_id() = user_id).
 * @param isSlow whether a function, by its name as written, is worth calling only once
 */
export function callsPerRow(tree: Tree, isSlow: (name: string) => boolean): string[] {
  const calls: string[] = []
  visit(tree, false)
  return [...new Set(calls)]

  function visit(value: unknown, once: boolean): void {
    for (const [key, child] of entries(value)) {
      if (key === 'FuncCall' && !once) {
        const name = strings(asTree(child).funcname).join('.')
        if (isSlow(name) && find(asTree(child).args, 'ColumnRef').length === 0) calls.push(name)
      }
      visit(child, key === 'SubLink' ? isEvaluatedOnce(asTree(child)) : once)
    }
  }
}

/** A scalar sub-select that looks at nothing outside becomes an InitPlan, run once a statement. */
function isEvaluatedOnce(link: Tree): boolean {
  const select = asTree(asTree(link.subselect).SelectStmt)
  return (
    link.subLinkType === 'EXPR_SUBLINK' &&
    select.fromClause === undefined &&
    find(select, 'ColumnRef').length === 0
  )
}

/** Whether every row passes: true, 1 = 1, owner = owner, or any of these after OR. */
export function isAlwaysTrue(value: unknown): boolean {
  const [[type, child] = ['', {}]] = entries(value)
  const node = asTree(child)
  if (type === 'val') return isAlwaysTrue(node)
  if (type === 'A_Const') return asTree(node.boolval).boolval === true
  if (type === 'TypeCast') return isAlwaysTrue(node.arg)
  if (type === 'BoolExpr') {
    const args = asList(node.args)
    if (node.boolop === 'OR_EXPR') return args.some(isAlwaysTrue)
    return node.boolop === 'AND_EXPR' && args.every(isAlwaysTrue)
  }
  if (type !== 'A_Expr' || strings(node.name).at(-1) !== '=') return false
  return withoutPlaces(node.lexpr) === withoutPlaces(node.rexpr)
}

/** Whether it looks at anything but who is asking. */
export function looksAtRow(tree: Tree): boolean {
  return find(tree, 'ColumnRef').length > 0
}

/** Columns of the row that are compared for equality, and so could be looked up in an index. */
export function comparedColumns(value: unknown): string[] {
  const [[type, child] = ['', {}]] = entries(unwrapped(value))
  const node = asTree(child)
  if (type === 'BoolExpr') return asList(node.args).flatMap(comparedColumns)
  const column = comparedColumn(type, node)
  return column === undefined ? [] : [column]
}

/**
 * The columns that no index leads to, so that every query reads the whole table: under AND one
 * index is enough, under OR each side needs one. What is no comparison is not judged.
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

/** (select a = b) is a = b, once it is written as it should be. */
function unwrapped(value: unknown): unknown {
  const { subLinkType, subselect } = asTree(asTree(value).SubLink)
  const { targetList, fromClause } = asTree(asTree(subselect).SelectStmt)
  if (subLinkType !== 'EXPR_SUBLINK' || fromClause !== undefined) return value
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
  // Few columns of booleans are worth an index.
  return other.boolval === undefined ? (left ?? right) : undefined
}

function columnName(value: unknown): string | undefined {
  const { ColumnRef: reference, TypeCast: cast } = asTree(value)
  if (cast !== undefined) return columnName(asTree(cast).arg)
  return reference === undefined ? undefined : strings(asTree(reference).fields).at(-1)
}

/** Every node of a type, wherever in the tree. */
function find(value: unknown, type: string): Tree[] {
  return entries(value).flatMap(([key, child]) => [
    ...(key === type ? [asTree(child)] : []),
    ...find(child, type),
  ])
}

function strings(list: unknown): string[] {
  return asList(list).flatMap((item) => {
    const { sval } = asTree(asTree(item).String)
    return typeof sval === 'string' ? [sval] : []
  })
}

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, child: unknown) => (key === 'location' ? undefined : child))
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function asTree(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? (value as Tree) : {}
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}
