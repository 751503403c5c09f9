/**
 * Whether a policy shows a row only to users who have one of its keys: each row that it shows has a value in
 * one of the key columns that is compared for equality with something that does not depend on the row.
 */
import type { Parser } from '../gate/parser'
import { names } from '../gate/walk'

export type Bound = {
  /** As pg_get_expr() writes it. */
  readonly condition: string
  readonly columns: readonly string[]
}

type Tree = Readonly<Record<string, unknown>>

/** What is not recognised is not bound: then every change wakes every query, which is slow but right. */
export async function isBound(parser: Parser, { condition, columns }: Bound): Promise<boolean> {
  const parsed = await parser.parse(Buffer.from(`select where ${condition}`, 'utf8'))
  if (parsed.kind !== 'tree' || parsed.statements.length !== 1) return false
  const select = child(child(parsed.statements[0], 'stmt'), 'SelectStmt')
  return binds(select.whereClause, new Set(columns))
}

function binds(value: unknown, columns: ReadonlySet<string>): boolean {
  const node = tree(value)
  if (node.BoolExpr !== undefined) {
    const { boolop, args } = child(node, 'BoolExpr')
    const parts = Array.isArray(args) ? (args as unknown[]) : []
    if (boolop === 'AND_EXPR') return parts.some((part) => binds(part, columns))
    return boolop === 'OR_EXPR' && parts.every((part) => binds(part, columns))
  }
  if (node.A_Expr !== undefined) {
    const { kind, name, lexpr, rexpr } = child(node, 'A_Expr')
    const isEqual = names(name).join() === '='
    if (!isEqual || (kind !== 'AEXPR_OP' && kind !== 'AEXPR_OP_ANY' && kind !== 'AEXPR_IN'))
      return false
    return (
      (isKey(lexpr, columns) && !dependsOnRow(rexpr)) ||
      (kind === 'AEXPR_OP' && isKey(rexpr, columns) && !dependsOnRow(lexpr))
    )
  }
  const { subLinkType, testexpr, operName } = child(node, 'SubLink')
  return subLinkType === 'ANY_SUBLINK' && operName === undefined && isKey(testexpr, columns)
}

/** A column of the table itself, perhaps cast to another type. pg_get_expr() qualifies none of them. */
function isKey(value: unknown, columns: ReadonlySet<string>): boolean {
  const node = tree(value)
  if (node.TypeCast !== undefined) return isKey(child(node, 'TypeCast').arg, columns)
  const { fields } = child(node, 'ColumnRef')
  if (!Array.isArray(fields) || fields.length !== 1) return false
  const name = child(fields[0], 'String').sval
  return typeof name === 'string' && columns.has(name)
}

/** Whether a column is named outside of sub-selects. Those of a sub-select may be its own. */
function dependsOnRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(dependsOnRow)
  return Object.entries(value).some(
    ([type, node]) => type === 'ColumnRef' || (type !== 'SubLink' && dependsOnRow(node)),
  )
}

function child(value: unknown, name: string): Tree {
  return tree(tree(value)[name])
}

function tree(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {}
}
