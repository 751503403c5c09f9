/**
 * Bounds how much Postgres copies of a statement while it parses and plans it.
 *
 * A use of a subquery's column is replaced by its expression, a use of a NOT MATERIALIZED CTE by its query,
 * and BETWEEN and IN repeat their left side for each comparison. Nested, each level doubles the one
 * within, so a few hundred bytes can take gigabytes, partly without checking for a cancellation.
 *
 * The count here is an upper bound for what Postgres copies, in nodes of the parse tree.
 */
import { Refusal } from './refusal'
import { asList, asNode, children, unwrap, type Child, type Node } from './walk'

/** Measured: up to 1.5 kB of memory per node. */
const MAX_COPIED = 50_000
/** A large statement, such as one with many row comparisons, may grow in proportion to its size. */
const COPIED_PER_NODE = 4

/** Measured: a query and each of its relations take about 24 kB. */
const UNITS_QUERY = 20
const UNITS_RELATION = 20
/** An assumption, because the columns of a table are not known here. */
const COLUMNS_OF_TABLE = 10

/** What an enclosing query sees of a query. */
type Output = {
  /** Its size, including copies within it. */
  readonly size: number
  /** Size of each column's expression. */
  readonly columns: ReadonlyMap<string, number>
  /** Size for columns with unknown names. */
  readonly otherColumns: number
  /** Size of all columns together. */
  readonly row: number
  /** Parts of a UNION; each gets its own copy of the conditions. */
  readonly parts: number
}

const TABLE: Output = {
  size: UNITS_RELATION,
  columns: new Map(),
  otherColumns: 1,
  row: COLUMNS_OF_TABLE,
  parts: 1,
}

type Cte = {
  readonly node: Node
  /** The scope of its query. */
  readonly scope: Scope
  output?: Output
  isMeasured?: true
}

/** Resolves names at one level of a statement and in the enclosing levels. */
class Scope {
  readonly outer: Scope | undefined
  readonly ctes = new Map<string, Cte>()
  size = 0
  row = 0
  parts = 1
  readonly columns = new Map<string, number>()
  otherColumns = 1
  readonly #byAlias = new Map<string, Output>()

  constructor(outer?: Scope) {
    this.outer = outer
  }

  add(alias: string, output: Output): void {
    this.size += output.size
    this.row += output.row
    this.parts += output.parts - 1
    this.#byAlias.set(alias, output)
    this.otherColumns = Math.max(this.otherColumns, output.otherColumns)
    for (const [name, size] of output.columns) raise(this.columns, name, size)
  }

  /** `(a join b) as alias (names)` */
  addJoin(alias: Node): void {
    const { columns, otherColumns, row } = this
    const all = { size: 0, columns: new Map(columns), otherColumns, row, parts: 1 }
    this.add(String(alias.aliasname), renamed(all, alias.colnames))
    // The join adds no columns to those of its sides.
    this.row = row
  }

  cte(name: string): Cte | undefined {
    return this.ctes.get(name) ?? this.outer?.cte(name)
  }

  /** The size of a reference: a column, `*`, or a whole row. */
  sizeOf(reference: Node): number {
    const path = asList(reference.fields).map(unwrap)
    const [qualifier, last] = [path.at(-2), path.at(-1)]
    const named = this.#find(qualifier?.node.sval)
    if (last?.type === 'A_Star') return Math.max(1, named?.row ?? this.row)
    const name = String(last?.node.sval)
    if (named !== undefined) return named.columns.get(name) ?? named.otherColumns
    let size = 1
    for (const scope of outwards(this)) {
      const row = scope.#byAlias.get(name)?.row ?? 1
      size = Math.max(size, scope.columns.get(name) ?? scope.otherColumns, row)
    }
    return size
  }

  #find(alias: unknown): Output | undefined {
    if (typeof alias !== 'string') return undefined
    for (const scope of outwards(this)) {
      const found = scope.#byAlias.get(alias)
      if (found !== undefined) return found
    }
    return undefined
  }
}

function* outwards(from: Scope): Generator<Scope> {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) yield scope
}

/** Whether Postgres may copy anything because of a node. Most statements have no such node. */
export function mayBeCopied(type: string, node: Node): boolean {
  return COPIED.has(type) || (type === 'A_Expr' && (copiesOf(type, node).lexpr ?? 1) > 1)
}

const COPIED = new Set(['RangeSubselect', 'CommonTableExpr', 'A_Indirection'])

/** @throws Refusal when Postgres would copy too much */
export function requireSmallExpansion(type: string, node: Node): void {
  const first = new Expansion(new Map())
  first.measure(type, node)
  const { references } = first
  const expansion = references.size === 0 ? first : new Expansion(references)
  const size = expansion === first ? first.size : expansion.measure(type, node)
  const { written } = expansion
  if (size - written > MAX_COPIED + COPIED_PER_NODE * written) throw new Refusal(tooLarge())
}

class Expansion {
  /** Number of uses of each CTE, which decides whether Postgres copies it. */
  readonly references = new Map<Node, number>()
  readonly #known: ReadonlyMap<Node, number>
  /** The size without copies. */
  written = 0
  size = 0

  constructor(known: ReadonlyMap<Node, number>) {
    this.#known = known
  }

  measure(type: string, node: Node): number {
    this.size = this.#statement(type, node, undefined).size
    return this.size
  }

  #statement(type: string, node: Node, outer: Scope | undefined): Output {
    return type === 'SelectStmt' ? this.#select(node, outer) : this.#change(type, node, outer)
  }

  #select(node: Node, outer: Scope | undefined): Output {
    const scope = new Scope(outer)
    const ctes = this.#with(node, scope)
    const output =
      node.larg === undefined ? this.#simpleSelect(node, scope) : this.#union(node, scope)
    const isFence = node.limitCount !== undefined || node.limitOffset !== undefined
    this.written += UNITS_QUERY
    const size = output.size + ctes + UNITS_QUERY
    if (!isFence) return { ...output, size }
    // With LIMIT or OFFSET it is not merged into the enclosing query, and conditions are not pushed down.
    return { ...TABLE, size, row: Math.min(output.row, COLUMNS_OF_TABLE) }
  }

  #simpleSelect(node: Node, scope: Scope): Output {
    let conditions = this.#from(asList(node.fromClause ?? []), scope)
    let size = 0
    let row = 0
    let otherColumns = 1
    const columns = new Map<string, number>()
    for (const child of children('SelectStmt', node)) {
      const { field } = child
      if (field === 'fromClause' || field === 'withClause' || field === 'lockingClause') continue
      const one = this.#expression(child, scope)
      if (field === 'whereClause') conditions += one
      else size += one
      if (field === 'valuesLists') otherColumns = Math.max(otherColumns, one)
      if (field !== 'targetList') continue
      row += one
      const name = columnName(child.node)
      if (name === '*') {
        for (const [inner, its] of scope.columns) raise(columns, inner, its)
        otherColumns = Math.max(otherColumns, scope.otherColumns)
      } else if (name === undefined) otherColumns = Math.max(otherColumns, one)
      else raise(columns, name, one)
    }
    size += scope.size + conditions * scope.parts
    return { size, columns, otherColumns, row: Math.max(row, otherColumns), parts: scope.parts }
  }

  /** Columns have the names of the first part and the largest expression of all parts. */
  #union(node: Node, scope: Scope): Output {
    let size = 0
    for (const child of children('SelectStmt', node)) {
      if (!PARTS_OF_UNION.has(child.field)) size += this.#expression(child, scope)
    }
    const all = { otherColumns: 1, row: 1, parts: 0 }
    for (const part of partsOf(node)) {
      const { otherColumns, row, parts, columns, size: own } = this.#select(part, scope)
      size += own
      all.otherColumns = Math.max(all.otherColumns, otherColumns, ...columns.values())
      all.row = Math.max(all.row, row)
      all.parts += parts
    }
    return { ...all, size, columns: NO_COLUMNS }
  }

  /** INSERT, UPDATE, DELETE, MERGE. Their RETURNING is never copied. */
  #change(type: string, node: Node, outer: Scope | undefined): Output {
    const scope = new Scope(outer)
    let size = this.#with(node, scope)
    for (const field of ['selectStmt', 'sourceRelation']) {
      if (node[field] !== undefined) size += this.#from([node[field]], scope)
    }
    for (const field of ['fromClause', 'usingClause']) {
      size += this.#from(asList(node[field] ?? []), scope)
    }
    for (const child of children(type, node)) {
      if (!SOURCES_OF_CHANGE.has(child.field)) size += this.#expression(child, scope)
    }
    return { ...TABLE, size: UNITS_RELATION + scope.size + size * scope.parts }
  }

  /** @returns the size of the CTEs that occur only once in the plan */
  #with(node: Node, scope: Scope): number {
    if (node.withClause === undefined) return 0
    const clause = asNode(node.withClause)
    const ctes = asList(clause.ctes)
      .map(unwrap)
      .map((cte): Cte => ({ node: cte?.node ?? {}, scope }))
    const isRecursive = clause.recursive === true
    const declare = (cte: Cte) => scope.ctes.set(String(cte.node.ctename), cte)
    if (isRecursive) ctes.forEach(declare)
    let size = 0
    for (const cte of ctes) {
      const output = this.#measured(cte)
      if (!this.#isCopied(cte)) size += output.size
      if (!isRecursive) declare(cte)
    }
    return size
  }

  #measured(cte: Cte): Output {
    if (cte.output !== undefined) return cte.output
    // A recursive reference to itself is never copied.
    if (cte.isMeasured === true) return TABLE
    cte.isMeasured = true
    const query = unwrap(cte.node.ctequery)
    const output = query === undefined ? TABLE : this.#statement(query.type, query.node, cte.scope)
    return (cte.output = renamed(output, cte.node.aliascolnames))
  }

  /** By default, a CTE that is used once is merged into the query that uses it. */
  #isCopied({ node }: Cte): boolean {
    if (node.ctematerialized === 'CTEMaterializeNever') return true
    if (node.ctematerialized === 'CTEMaterializeAlways') return false
    return this.#known.get(node) === 1
  }

  /** Adds the items of FROM. @returns the size of their conditions and calls */
  #from(items: readonly unknown[], scope: Scope): number {
    let size = 0
    const conditions: Child[] = []
    const aliases: Node[] = []
    const todo = [...items].reverse()
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const item = unwrap(next)
      if (item === undefined) continue
      const { type, node } = item
      const alias = node.alias === undefined ? undefined : asNode(node.alias)
      if (type === 'JoinExpr') {
        todo.push(node.rarg, node.larg)
        conditions.push(...children(type, node).filter(({ field }) => !SIDES.has(field)))
        if (alias !== undefined) aliases.push(alias)
        continue
      }
      let output = TABLE
      if (type === 'RangeVar') output = this.#relation(node, scope)
      else if (type === 'RangeSubselect') {
        const query = unwrap(node.subquery)
        if (query !== undefined) output = this.#select(query.node, scope)
      } else if (type === 'SelectStmt') output = this.#select(node, scope)
      else size += this.#expression({ field: '', type, node }, scope)
      scope.add(String(alias?.aliasname ?? node.relname), renamed(output, alias?.colnames))
    }
    for (const alias of aliases) scope.addJoin(alias)
    for (const condition of conditions) size += this.#expression(condition, scope)
    return size
  }

  #relation(node: Node, scope: Scope): Output {
    this.written += UNITS_RELATION
    const cte = node.schemaname === undefined ? scope.cte(String(node.relname)) : undefined
    if (cte === undefined) return TABLE
    this.references.set(cte.node, 1 + (this.references.get(cte.node) ?? 0))
    return this.#isCopied(cte) ? this.#measured(cte) : TABLE
  }

  /** Uses an explicit stack, like `walk`. */
  #expression(root: Child, scope: Scope): number {
    let size = 0
    const todo = [{ type: root.type, node: root.node, times: 1 }]
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { type, node, times } = next
      this.written++
      if (type === 'SelectStmt') size += times * this.#select(node, scope).size
      else if (type === 'ColumnRef') size += times * scope.sizeOf(node)
      else {
        size += times
        if (LEAVES.has(type)) continue
        const copies = copiesOf(type, node)
        for (const { field, ...child } of children(type, node)) {
          todo.push({ ...child, times: times * (copies[field] ?? 1) })
        }
      }
    }
    return size
  }
}

/** Fields that do not count. */
const LEAVES = new Set(['ParamRef', 'A_Const', 'TypeName', 'String', 'SetToDefault'])
const NO_COLUMNS: ReadonlyMap<string, number> = new Map()
const PARTS_OF_UNION = new Set(['larg', 'rarg', 'withClause', 'lockingClause'])
const SOURCES_OF_CHANGE = new Set(
  'withClause selectStmt sourceRelation fromClause usingClause relation'.split(' '),
)
const SIDES = new Set(['larg', 'rarg', 'alias'])

function raise(sizes: Map<string, number>, name: string, size: number): void {
  sizes.set(name, Math.max(size, sizes.get(name) ?? 0))
}

/** It is not known which name belongs to which column, so each may be the largest. */
function renamed(output: Output, names: unknown): Output {
  if (names === undefined) return output
  const otherColumns = Math.max(output.otherColumns, ...output.columns.values())
  return { ...output, columns: NO_COLUMNS, otherColumns }
}

/** The name of a column in a select list: `*` for several, undefined if Postgres generates a name. */
function columnName(target: Node): string | undefined {
  if (typeof target.name === 'string') return target.name
  const value = target.val === undefined ? undefined : unwrap(target.val)
  if (value?.type !== 'ColumnRef') return undefined
  const last = unwrap(asList(value.node.fields).at(-1))
  return last?.type === 'A_Star' ? '*' : String(last?.node.sval)
}

/** The queries of a UNION, INTERSECT or EXCEPT, from the left; iterative, because there may be many. */
function partsOf(union: Node): Node[] {
  const parts: Node[] = []
  const todo = [asNode(union.rarg), asNode(union.larg)]
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    const isPlain = ['withClause', 'sortClause', 'limitCount', 'limitOffset'].every(
      (field) => part[field] === undefined,
    )
    if (part.larg === undefined || !isPlain) parts.push(part)
    else todo.push(asNode(part.rarg), asNode(part.larg))
  }
  return parts
}

/** How often Postgres copies a field. */
function copiesOf(type: string, node: Node): Readonly<Record<string, number>> {
  if (type === 'A_Indirection') {
    return isStar({ [type]: node }) ? { arg: fieldsOf(node.arg) } : {}
  }
  if (type !== 'A_Expr') return {}
  switch (node.kind) {
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
      return { lexpr: 2 }
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return { lexpr: 4, rexpr: 2 }
    case 'AEXPR_IN': {
      const list = unwrap(node.rexpr)
      const items = list?.type === 'List' ? asList(list.node.items) : []
      return { lexpr: Math.max(1, items.filter((item) => !isConstant(item)).length) }
    }
    default:
      return {}
  }
}

/** List items of these types are combined into one array. */
function isConstant(item: unknown): boolean {
  let value = unwrap(item)
  while (value?.type === 'TypeCast') value = unwrap(value.node.arg)
  return value?.type === 'A_Const' || value?.type === 'ParamRef'
}

/** `(value).*` copies the value for each field. */
function fieldsOf(value: unknown): number {
  const row = unwrap(value)
  if (row?.type !== 'RowExpr') return COLUMNS_OF_TABLE
  const counts = asList(row.node.args ?? []).map((arg) => (isStar(arg) ? COLUMNS_OF_TABLE : 1))
  return counts.reduce((sum, count) => sum + count, 0)
}

function isStar(value: unknown): boolean {
  const item = unwrap(value)
  const path = item?.node.indirection ?? item?.node.fields
  return Array.isArray(path) && path.some((step) => unwrap(step)?.type === 'A_Star')
}

function tooLarge(): string {
  return 'Postgres would have to copy too much of it: columns of subqueries, CTEs with NOT MATERIALIZED and what stands left of BETWEEN and IN are copied for each use; write AS MATERIALIZED, or OFFSET 0 in the subquery'
}
