/**
 * The catalog queries that sessions may send, such as those behind psql's `\d`: one SELECT on listed catalogs,
 * with listed functions. It tells how tables are made, which every role of a database may know, and nothing of
 * what is in them: columns that count rows or name transactions are closed, and so are whole rows.
 */
import type { Parser } from './parser'
import { Refusal } from './refusal'
import { checkCollation, checkColumn, text } from './rules'
import { asList, asNode, names, unwrap, walk, type Node } from './walk'

const RELATIONS = new Set(
  `pg_am pg_attrdef pg_attribute pg_class pg_collation pg_constraint pg_description pg_enum
  pg_foreign_server pg_foreign_table pg_index pg_inherits pg_namespace pg_partitioned_table pg_policy
  pg_publication pg_publication_namespace pg_publication_rel pg_range pg_roles pg_sequence pg_statistic_ext
  pg_tablespace pg_trigger pg_type`.split(/\s+/),
)

/** They follow what users write, and when. */
const CLOSED_COLUMNS = new Set(
  `reltuples relpages relallvisible relallfrozen relfrozenxid relminmxid relfilenode rolpassword
  rolvaliduntil rolconfig`.split(/\s+/),
)

const FUNCTIONS = new Set(
  `array_agg array_length array_position array_to_string array_upper coalesce col_description concat
  count current_database current_schema current_schemas format_type generate_series length lower max min
  obj_description pg_encoding_to_char pg_get_constraintdef pg_get_expr pg_get_indexdef
  pg_get_partition_constraintdef pg_get_partkeydef pg_get_statisticsobjdef_columns pg_get_triggerdef
  pg_get_userbyid pg_partition_ancestors pg_partition_root pg_relation_is_publishable
  pg_statistics_obj_is_visible pg_table_is_visible pg_type_is_visible quote_ident row_number
  shobj_description string_agg unnest upper`.split(/\s+/),
)

const TYPES = new Set(
  'bool int2 int4 int8 char text name oid regclass regtype regnamespace'.split(' '),
)

const SEARCHES = new Set('~ !~ ~* !~* ~~ !~~ ~~* !~~*'.split(' '))
const OPERATORS = new Set([...SEARCHES, ...'= <> < > <= >= || + - BETWEEN'.split(' ')])

const MOST_LENGTH = 16 * 1024
/** Nothing else needs a parse. */
const MENTIONS_CATALOG = /\bpg_catalog\s*\./i

export function mayBeCatalogQuery(sql: string): boolean {
  return sql.length <= MOST_LENGTH && MENTIONS_CATALOG.test(sql)
}

/** Whether it is such a query and nothing else. */
export async function isCatalogQuery(parser: Parser, sql: string): Promise<boolean> {
  if (!mayBeCatalogQuery(sql)) return false
  const parsed = await parser.parse(Buffer.from(sql, 'utf8'))
  if (parsed.kind !== 'tree') return false
  try {
    check(parsed.statements)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** @throws Refusal */
function check([only, second]: readonly unknown[]): void {
  const statement = only === undefined ? undefined : unwrap(asNode(only).stmt)
  if (second !== undefined || statement?.type !== 'SelectStmt') throw new Refusal('it is no query')
  const rows = new Set<string>()
  const columns: Node[] = []
  walk(statement.type, statement.node, (type, node) => {
    switch (type) {
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
      case 'MergeStmt':
      case 'LockingClause':
        throw new Refusal('it writes or locks', node)
      case 'RangeVar':
        checkRelation(node)
        rows.add(text(node.relname))
        rows.add(aliasOf(node))
        break
      case 'RangeSubselect':
      case 'JoinExpr':
        // The alias of a function is its value.
        rows.add(aliasOf(node))
        break
      case 'ColumnRef':
        columns.push(node)
        break
      case 'A_Indirection':
        checkIndirection(node)
        break
      case 'FuncCall':
        checkListed(node, names(node.funcname), FUNCTIONS)
        break
      case 'TypeName':
        checkListed(node, names(node.names).map(withoutArray), TYPES)
        break
      case 'A_Expr':
        checkOperator(node, node.name)
        break
      case 'SubLink':
        checkOperator(node, node.operName)
        break
      case 'SortBy':
        checkOperator(node, node.useOp)
        break
      case 'CollateClause':
        checkCollation(node.collname ?? [], node)
        break
    }
  })
  for (const node of columns) checkColumnRef(node, rows)
}

function aliasOf({ alias }: Node): string {
  return alias === undefined ? '' : text(asNode(alias).aliasname)
}

function checkRelation(node: Node): void {
  const isListed = text(node.schemaname) === 'pg_catalog' && RELATIONS.has(text(node.relname))
  if (!isListed || node.catalogname !== undefined)
    throw new Refusal('it reads something else', node)
}

/** A name alone may be a whole row, with all its columns. */
function checkColumnRef(node: Node, rows: ReadonlySet<string>): void {
  const path = asList(node.fields ?? []).map(unwrap)
  const name = path.at(-1)
  if (name?.type !== 'String') throw new Refusal('it reads whole rows', node)
  const column = text(name.node.sval)
  if (path.length === 1 && rows.has(column)) throw new Refusal('it reads whole rows', node)
  if (CLOSED_COLUMNS.has(column)) throw new Refusal('it reads a closed column', node)
  checkColumn(column, path.length > 1, node)
}

/** A search whose pattern is no constant may take any time, and cannot be interrupted. */
function checkOperator(node: Node, value: unknown): void {
  const path = names(value)
  checkListed(node, path, OPERATORS)
  if (SEARCHES.has(path.at(-1) ?? '') && !isConstant(node.rexpr)) {
    throw new Refusal('it searches for something computed', node)
  }
}

function isConstant(value: unknown): boolean {
  const operand = value === undefined ? undefined : unwrap(value)
  return operand?.type === 'CollateClause'
    ? isConstant(operand.node.arg)
    : operand?.type === 'A_Const'
}

/** An element of an array, and never an attribute, which may be a function. */
function checkIndirection(node: Node): void {
  const steps = asList(node.indirection ?? []).map(unwrap)
  if (steps.some((step) => step?.type !== 'A_Indices')) throw new Refusal('it selects a name', node)
}

function checkListed(node: Node, path: readonly string[], listed: ReadonlySet<string>): void {
  if (path.length === 0) return
  const [schema, name] = path.length === 2 ? path : ['pg_catalog', path[0]]
  if (path.length > 2 || schema !== 'pg_catalog' || !listed.has(name ?? '')) {
    throw new Refusal('it uses something else', node)
  }
}

function withoutArray(name: string): string {
  return name.replace(/^_+/, '')
}
