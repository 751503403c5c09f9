/** What the names in a statement may refer to: relations, columns, functions, operators, types. */
import { AUTH_FUNCTIONS, BUILT_IN_FUNCTIONS } from './functions'
import { Refusal } from './refusal'
import { names, type Node } from './walk'

const CLOSED_SCHEMAS = new Set(['information_schema', 'private', 'proxy_state'])

/** Schemas that hold what the database knows about itself, or secrets. */
export function isClosedSchema(schema: string): boolean {
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
  // On every search path pg_catalog comes first, and all its relations are called pg_…
  if (schema === '' && name.startsWith('pg_')) {
    throw new Refusal(`the system table "${name}" is not open to queries`, node)
  }
}

/**
 * xmin, ctid and the others would tell each user how busy the rest are. They cannot be names of
 * real columns, so nothing of the application's is lost.
 */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

export function checkColumn(name: string, qualified: boolean, node: Node): void {
  if (SYSTEM_COLUMNS.has(name)) {
    throw new Refusal(`the system column "${name}" is not open to queries`, node)
  }
  // `t.pg_typeof` calls a function when t has no such column.
  if (qualified && name.startsWith('pg_')) {
    throw new Refusal(`the name "${name}" after a dot is not allowed`, node)
  }
}

/** Ends an entry of PROXY_FUNCTIONS whose function only reads and leaves nothing behind. */
export const STABLE = ':stable'

/** The owner's own function, of which we do not know whether it writes and what it leaves behind. */
function isUnknown(full: string, allowed: ReadonlySet<string>): boolean {
  return allowed.has(full) && !allowed.has(`${full}${STABLE}`)
}

/** Whether `row.name` or an unqualified `name(…)` may turn out to be such a function. */
export function mayBeUnknown(name: string, allowed: ReadonlySet<string>): boolean {
  return isUnknown(`public.${name}`, allowed) || isUnknown(`pg_catalog.${name}`, allowed)
}

/** @returns true when the function may be the owner's own and was not declared to only read */
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

/** The listed functions of that name in any schema: an unqualified call means one of pg_catalog. */
function listedElsewhere(name: string, allowed: ReadonlySet<string>): string[] {
  const listed = [...AUTH_FUNCTIONS, ...allowed].map((entry) =>
    entry.endsWith(STABLE) ? entry.slice(0, -STABLE.length) : entry,
  )
  return [...new Set(listed.filter((full) => full.slice(full.indexOf('.') + 1) === name))].sort()
}

/**
 * Of pg_catalog's operators those that only geometry has, such as `path <-> path`, which takes the product
 * of its points and cannot be interrupted; and `*=` and its like, which compare rows byte by byte. A name
 * that pg_catalog does not have is an operator of the owner's, and those are judged as objects (shadows.ts).
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
 * Their text form is looked up in, or taken from, the catalogs; xml reaches into libxml; geometry
 * has operators that cannot be interrupted.
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
  // An array type goes by the name of its element type after an underscore.
  const element = name.replace(/^_+/, '')
  if (path.length > 2) throw new Refusal('a type name of three parts is not allowed', node)
  if (schema === 'pg_catalog' ? isClosedType(element) : isClosedSchema(schema)) {
    throw new Refusal(`the type ${path.join('.')} is not allowed`, node)
  }
}

function isClosedType(name: string): boolean {
  return name.startsWith('pg_') || CLOSED_TYPES.has(name)
}

/** A collation may be named with a schema, never one that is closed; pg_catalog holds the usual. */
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
