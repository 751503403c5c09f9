/**
 * Blocks Postgres' second syntax for calling a function: `x.f` means f(x) if x has no column f.
 *
 * Checked on PostgreSQL 18: `select x.pg_sleep from generate_series(1, 1) x` sleeps,
 * `select x.current_setting from unnest(array['work_mem']) x` reads a setting, and so do
 * `(0).pg_sleep` and `('pg_class').regclass`. A table, subquery, CTE or join in place of the function is
 * safe: it yields a row, which no dangerous function of pg_catalog accepts.
 */
import { BUILT_IN_FUNCTIONS, NAMED_BY_ALIAS, OUTPUT_COLUMNS } from './functions'
import { Refusal } from './refusal'
import { text } from './rules'
import { asList, asNode, names, unwrap, type Node } from './walk'

type Reference = { qualifier: string; name: string; node: Node }

export class Attributes {
  /** Alias of a function in FROM → names that are columns in every scope that uses the alias. */
  readonly #functions = new Map<string, ReadonlySet<string>>()
  readonly #references: Reference[] = []

  /** Registers a function in FROM. */
  addFunction(node: Node): void {
    const alias = node.alias === undefined ? undefined : asNode(node.alias)
    const calls = asList(node.functions ?? []).map(calledName)
    const name = text(alias?.aliasname) || (calls.length === 1 ? calls[0] : undefined)
    if (name === undefined) {
      throw new Refusal('a function in FROM needs an alias here, as in "from f(x) as t"', node)
    }
    const columns = new Set(names(alias?.colnames))
    for (const column of asList(node.coldeflist ?? [])) {
      const definition = unwrap(column)
      if (definition?.type === 'ColumnDef') columns.add(text(definition.node.colname))
    }
    if (columns.size === 0 && calls.length === 1 && NAMED_BY_ALIAS.has(calls[0] ?? '')) {
      columns.add(name)
    }
    // Two scopes may use the same alias for different functions: only common columns are certain.
    const other = this.#functions.get(name)
    this.#functions.set(
      name,
      other ? new Set([...columns].filter((column) => other.has(column))) : columns,
    )
  }

  /** Registers a column reference `qualifier.name`. */
  addReference(qualifier: string, name: string, node: Node): void {
    this.#references.push({ qualifier, name, node })
  }

  /**
   * Must be called after the whole statement was visited, because FROM comes after the select list.
   * @param onCall called for possible calls of listed functions
   */
  check(onCall: (name: string, node: Node) => void): void {
    for (const { qualifier, name, node } of this.#references) {
      const columns = this.#functions.get(qualifier)
      if (columns === undefined || columns.has(name)) continue
      if (isHarmless(name)) {
        onCall(name, node)
        continue
      }
      throw new Refusal(
        `"${qualifier}.${name}" could call a function of that name; name the columns, as in "as ${qualifier}(${name})"`,
        node,
      )
    }
  }
}

/**
 * Checks `(expression).name`, which may be a column or a call; only the planner knows.
 * @param onCall called for possible calls of listed functions
 */
export function checkSelection(node: Node, onCall: (name: string, node: Node) => void): void {
  for (const step of asList(node.indirection ?? [])) {
    const part = unwrap(step)
    if (part?.type !== 'String') continue
    const name = text(part.node.sval)
    if (isHarmless(name)) {
      onCall(name, node)
      continue
    }
    throw new Refusal(
      `"(…).${name}" could call a function of that name; put the expression in FROM and name its columns`,
      node,
    )
  }
}

function isHarmless(name: string): boolean {
  return BUILT_IN_FUNCTIONS.has(name) || OUTPUT_COLUMNS.has(name)
}

/** The default alias of a function in FROM; undefined for syntax like CAST. */
function calledName(item: unknown): string | undefined {
  const list = unwrap(item)
  const [first] = list?.type === 'List' ? asList(list.node.items ?? []) : []
  const call = first === undefined ? undefined : unwrap(first)
  return call?.type === 'FuncCall' ? names(call.node.funcname).at(-1) : undefined
}
