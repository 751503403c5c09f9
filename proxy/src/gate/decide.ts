/** Decides from the parse tree whether a statement may run. */
import { Attributes, checkSelection } from './attributes'
import { mayBeCopied, requireSmallExpansion } from './expansion'
import { STATEMENTS } from './nodes'
import { Refusal } from './refusal'
import {
  checkCollation,
  checkColumn,
  checkFunction,
  checkOperator,
  checkRelation,
  checkType,
  mayBeUnknown,
  text,
} from './rules'
import { asList, asNode, describe, unwrap, walk, type Node } from './walk'
import { Work, type Patterns } from './work'

/** What the gate knows about an allowed statement. */
export type Verdict = {
  /** The statement may leave state in the session. */
  readonly leavesState: boolean
  /** It only reads, takes no row locks, and can run twice. */
  readonly isRead: boolean
  /** The text contains constants or a comment, so caches keep it separately for each user. */
  readonly holdsContent: boolean
  /** Search patterns whose size must be checked once the parameters are known. */
  readonly patterns?: Patterns
  /** Names of its relations, without schemas; undefined if there are none. */
  readonly tables?: readonly string[]
}

const NOTHING: Verdict = { leavesState: false, isRead: false, holdsContent: false }

/** Within a SELECT, these occur in WITH and FOR UPDATE. */
const WRITES_OR_LOCKS = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'LockingClause',
])

/**
 * @param statements the parser's list; an empty list is allowed and does nothing
 * @param functions the owner's own functions that may be called, as `schema.name`
 * @throws Refusal
 */
export function decide(statements: readonly unknown[], functions: ReadonlySet<string>): Verdict {
  const [only, second] = statements
  if (second !== undefined) throw new Refusal('it holds more than one command')
  if (only === undefined) return NOTHING
  const statement = unwrap(asNode(only).stmt)
  if (statement === undefined) return NOTHING
  if (!STATEMENTS.has(statement.type)) {
    throw new Refusal(
      `${describe(statement.type)} is not allowed: only SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES are`,
    )
  }

  const attributes = new Attributes()
  const work = new Work()
  const onCall = (name: string, node: Node) => {
    work.addAttribute(name, node)
  }
  const tables = new Set<string>()
  const found = {
    leavesState: false,
    writesOrLocks: false,
    holdsContent: false,
    mayBeCopied: false,
  }
  walk(statement.type, statement.node, (type, node) => {
    // `checkFunction` comes first, so that every call is checked.
    if (type === 'FuncCall') found.leavesState = checkFunction(node, functions) || found.leavesState
    else check(type, node, attributes, onCall)
    // `row.f` also calls f.
    found.leavesState ||= selected(type, node).some((name) => mayBeUnknown(name, functions))
    if (type === 'RangeVar') tables.add(text(node.relname))
    found.writesOrLocks ||= WRITES_OR_LOCKS.has(type)
    found.holdsContent ||= type === 'A_Const' && !isBooleanOrNull(node)
    found.mayBeCopied ||= mayBeCopied(type, node)
    work.add(type, node)
  })
  attributes.check(onCall)
  if (found.mayBeCopied) requireSmallExpansion(statement.type, statement.node)
  const patterns = work.check()
  const { leavesState, writesOrLocks, holdsContent } = found
  return {
    leavesState,
    // A function of the owner may do more than read.
    isRead: !writesOrLocks && !leavesState,
    holdsContent,
    ...(patterns ? { patterns } : {}),
    ...(tables.size === 0 ? {} : { tables: [...tables] }),
  }
}

/** These carry no secret, and many shared statements contain them. */
function isBooleanOrNull(constant: Node): boolean {
  return constant.boolval !== undefined || constant.isnull !== undefined
}

function check(
  type: string,
  node: Node,
  attributes: Attributes,
  onCall: (name: string, node: Node) => void,
): void {
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
      checkSelection(node, onCall)
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

/** The names after dots, which may be functions. */
function selected(type: string, node: Node): readonly string[] {
  const path = type === 'ColumnRef' ? node.fields : type === 'A_Indirection' ? node.indirection : []
  return asList(path ?? []).flatMap((part) => {
    const step = unwrap(part)
    return step?.type === 'String' ? [text(step.node.sval)] : []
  })
}

/** `name`, `table.name` or `schema.table.name`, each possibly ending in `*`. */
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
