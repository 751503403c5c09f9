/** Decides on a parse tree alone whether a statement may run. */
import { Attributes, checkSelection } from './attributes'
import { STATEMENTS } from './nodes'
import { Refusal } from './refusal'
import {
  checkCollation,
  checkColumn,
  checkFunction,
  checkOperator,
  checkRelation,
  checkType,
} from './rules'
import { asList, asNode, describe, unwrap, walk, type Node } from './walk'

/** What an allowed statement may do to the connection it runs on. */
export type Verdict = { readonly leavesState: boolean }

/**
 * @param statements the parser's list; none at all is allowed, it does nothing
 * @param functions the owner's own functions that may be called, as `schema.name`
 * @throws Refusal
 */
export function decide(statements: readonly unknown[], functions: ReadonlySet<string>): Verdict {
  const [only, second] = statements
  if (second !== undefined) throw new Refusal('it holds more than one command')
  if (only === undefined) return { leavesState: false }
  const statement = unwrap(asNode(only).stmt)
  if (statement === undefined) return { leavesState: false }
  if (!STATEMENTS.has(statement.type)) {
    throw new Refusal(
      `${describe(statement.type)} is not allowed: only SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES are`,
    )
  }

  const attributes = new Attributes()
  let leavesState = false
  walk(statement.type, statement.node, (type, node) => {
    if (type === 'FuncCall') leavesState = checkFunction(node, functions) || leavesState
    else check(type, node, attributes)
  })
  attributes.check()
  return { leavesState }
}

function check(type: string, node: Node, attributes: Attributes): void {
  switch (type) {
    case 'RangeVar':
      checkRelation(node)
      break
    case 'RangeFunction':
      attributes.addFunction(node)
      break
    case 'ColumnRef':
      checkColumnRef(node, attributes)
      break
    case 'A_Indirection':
      checkSelection(node)
      break
    case 'TypeName':
      checkType(node)
      break
    case 'A_Expr':
      checkOperator(node.name ?? [], node)
      break
    case 'SubLink':
      checkOperator(node.operName ?? [], node)
      break
    case 'SortBy':
      checkOperator(node.useOp ?? [], node)
      break
    case 'CollateClause':
      checkCollation(node.collname ?? [], node)
      break
    case 'IndexElem':
      checkCollation(node.collation ?? [], node)
      checkCollation(node.opclass ?? [], node)
      break
  }
}

/** `name`, `table.name`, `schema.table.name`, any of them ending in `*`. */
function checkColumnRef(node: Node, attributes: Attributes): void {
  const path = asList(node.fields ?? []).map(unwrap)
  const parts = path.flatMap((part) => {
    const value = part?.type === 'String' ? part.node.sval : undefined
    return typeof value === 'string' ? [value] : []
  })
  if (path.at(-1)?.type === 'A_Star') return
  const name = parts.at(-1)
  if (name === undefined || parts.length !== path.length) {
    throw new Refusal('a column name in the statement cannot be read', node)
  }
  checkColumn(name, parts.length > 1, node)
  const qualifier = parts.at(-2)
  if (qualifier !== undefined) attributes.addReference(qualifier, name, node)
}
