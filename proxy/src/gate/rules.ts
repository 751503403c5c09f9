/** Rules for the names in a statement: relations, columns, functions, operators, types. */
import { AUTH_FUNCTIONS, BUILT_IN_FUNCTIONS } from './functions'
import { Refusal } from './refusal'
import { names, type Node } from './walk'

const CLOSED_SCHEMAS = new Set(['information_schema', 'private', 'proxy_state'])

/** Schemas with metadata or secrets. */
function isClosedSchema(schema: string): boolean {
  return schema.startsWith('pg_') || CLOSED_SCHEMAS.has(schema)
}

export function checkRelation(node: Node): void {
  const schema = text(node.schemaname)
  const name = text(node.relname)
  if (node.catalogname !== undefined) {
    throw new Refusal('a table name that includes the database is not allowed', node)
  }
  if (isClosedSchema(schema)) {
    throw new Refusal(`the schema "${schema}" is not open to queries`, node)
  }
  // pg_catalog is always first in the search path, and all its relations are called pg_…
  if (schema === '' && name.startsWith('pg_')) {
    throw new Refusal(`the system table "${name}" is not open to queries`, node)
  }
}

/**
 * xmin, ctid and the others reveal how busy other users are. Real columns cannot have these names, so
 * applications lose nothing.
 */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

export function checkColumn(name: string, qualified: boolean, node: Node): void {
  if (SYSTEM_COLUMNS.has(name)) {
    throw new Refusal(`the system column "${name}" is not open to queries`, node)
  }
  // `t.pg_typeof` calls a function if t has no such column.
  if (qualified && name.startsWith('pg_')) {
    throw new Refusal(`the name "${name}" after a dot is not allowed`, node)
  }
}

/** Suffix in PROXY_FUNCTIONS for a function that only reads and leaves no state behind. */
export const STABLE = ':stable'

/** A listed function that may write or leave state behind. */
function isUnknown(full: string, allowed: ReadonlySet<string>): boolean {
  return allowed.has(full) && !allowed.has(`${full}${STABLE}`)
}

/** Whether `row.name` or an unqualified `name(…)` may call such a function. */
export function mayBeUnknown(name: string, allowed: ReadonlySet<string>): boolean {
  return isUnknown(`public.${name}`, allowed) || isUnknown(`pg_catalog.${name}`, allowed)
}

/** @returns true if it may be a function of the owner that was not declared `:stable` */
export function checkFunction(node: Node, allowed: ReadonlySet<string>): boolean {
  const path = names(node.funcname)
  const name = path.at(-1) ?? ''
  if (path.length > 2) throw new Refusal('a function name of three parts is not allowed', node)
  const schema = path.length === 2 ? (path[0] ?? '') : 'pg_catalog'
  if (schema === 'pg_catalog' && BUILT_IN_FUNCTIONS.has(name)) {
    return mayBeUnknown(name, allowed)
  }
  const full = `${schema}.${name}`
  if (AUTH_FUNCTIONS.has(full)) return false
  if (allowed.has(full) || allowed.has(`${full}${STABLE}`)) return isUnknown(full, allowed)
  const meant = path.length === 1 ? listedElsewhere(name, allowed) : []
  throw new Refusal(
    meant.length > 0
      ? `the function ${name}() is called without its schema: write ${meant.join(' or ')}`
      : `the function ${path.join('.')}() is not on the list of allowed functions`,
    node,
  )
}

/** Listed functions with this name in any schema; used to suggest a schema, since an unqualified call means pg_catalog. */
function listedElsewhere(name: string, allowed: ReadonlySet<string>): string[] {
  const listed = [...AUTH_FUNCTIONS, ...allowed].map((entry) =>
    entry.endsWith(STABLE) ? entry.slice(0, -STABLE.length) : entry,
  )
  return [...new Set(listed.filter((full) => full.slice(full.indexOf('.') + 1) === name))].sort()
}

/**
 * Operators of pg_catalog for geometry only, such as `path <-> path`, which is quadratic in points and cannot
 * be interrupted; and `*=` and similar ones, which compare rows byte by byte. Names that pg_catalog lacks
 * are the owner's operators, which shadows.ts checks.
 */
const CLOSED_OPERATORS = new Set(
  `## &<| <-> <<| <^ >^ ?# ?- ?-| ?|| @-@ @@@ |&> |>> ~= *< *<= *<> *= *> *>=`.split(' '),
)

export function checkOperator(value: unknown, node: Node): void {
  const path = names(value)
  const schema = path.length > 1 ? path[0] : 'pg_catalog'
  if (path.length > 2 || schema !== 'pg_catalog') {
    throw new Refusal('an operator of another schema is not allowed', node)
  }
  const name = path.at(-1) ?? ''
  if (CLOSED_OPERATORS.has(name)) throw new Refusal(`the operator ${name} is not allowed`, node)
}

/**
 * Types whose text form reads the catalogs; xml, which uses libxml; geometry, whose operators cannot be
 * interrupted.
 */
const CLOSED_TYPES = new Set(
  `regclass regcollation regconfig regdatabase regdictionary regnamespace regoper regoperator
  regproc regprocedure regrole regtype aclitem cid cstring gtsvector oidvector int2vector
  refcursor tid txid_snapshot xid xid8 xml
  point line lseg box path polygon circle`.split(/\s+/),
)

export function checkType(node: Node): void {
  const path = names(node.names)
  const name = path.at(-1) ?? ''
  const schema = path.length > 1 ? (path[0] ?? '') : 'pg_catalog'
  // The name of an array type is an underscore and its element type's name.
  const element = name.replace(/^_+/, '')
  if (path.length > 2) throw new Refusal('a type name of three parts is not allowed', node)
  if (schema === 'pg_catalog' ? isClosedType(element) : isClosedSchema(schema)) {
    throw new Refusal(`the type ${path.join('.')} is not allowed`, node)
  }
}

function isClosedType(name: string): boolean {
  return name.startsWith('pg_') || CLOSED_TYPES.has(name)
}

/** A collation may have a schema, but not a closed one, except pg_catalog with the usual collations. */
export function checkCollation(value: unknown, node: Node): void {
  const path = names(value)
  const schema = path.length > 1 ? (path[0] ?? '') : 'pg_catalog'
  if (path.length > 2 || (schema !== 'pg_catalog' && isClosedSchema(schema))) {
    throw new Refusal('a collation of that schema is not allowed', node)
  }
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
