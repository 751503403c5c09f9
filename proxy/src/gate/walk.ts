/** Visits every node of a parse tree, and refuses trees with anything unlisted. */
import { NODES } from './nodes'
import { Refusal } from './refusal'

export type Node = Readonly<Record<string, unknown>>
export type Visit = (type: string, node: Node) => void

/**
 * Uses an explicit stack, because a tree can be deeper than the call stack.
 * @param visit called once per node, parents before children
 * @throws Refusal for the first node or field that is not in the table
 */
export function walk(type: string, root: Node, visit: Visit): void {
  const todo: { type: string; node: Node }[] = [{ type, node: root }]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (!NODES.has(next.type)) {
      throw new Refusal(`${describe(next.type)} is not allowed`, next.node)
    }
    visit(next.type, next.node)
    for (const child of children(next.type, next.node)) todo.push(child)
  }
}

export type Child = { readonly field: string; readonly type: string; readonly node: Node }

/** @throws Refusal for a field that is not in the table */
export function children(type: string, node: Node): Child[] {
  const fields = NODES.get(type)
  const found: Child[] = []
  for (const [name, value] of Object.entries(node)) {
    const field = fields?.get(name)
    if (field === undefined) throw new Refusal(unknownField(type, name), node)
    if (field.holds === 'value') {
      if (typeof value === 'object') throw new Refusal(unknownField(type, name), node)
    } else if (field.holds === 'typed') {
      found.push({ field: name, type: field.type, node: asNode(value) })
    } else {
      for (const item of field.holds === 'list' ? asList(value) : [value]) {
        const wrapped = unwrap(item)
        if (wrapped !== undefined) found.push({ field: name, ...wrapped })
      }
    }
  }
  return found
}

/** `{ "Type": { … } }`. libpg_query writes an empty object for a missing list item. */
export function unwrap(value: unknown): { type: string; node: Node } | undefined {
  const entries = Object.entries(asNode(value))
  if (entries.length === 0) return undefined
  const [first] = entries
  if (first === undefined || entries.length > 1) throw new Refusal('the statement cannot be read')
  return { type: first[0], node: asNode(first[1]) }
}

/** The strings in a list of String nodes, such as a qualified name. */
export function names(value: unknown): string[] {
  return asList(value ?? []).map((item) => {
    const wrapped = unwrap(item)
    const text = wrapped?.type === 'String' ? (wrapped.node.sval ?? '') : undefined
    if (typeof text !== 'string') throw new Refusal('a name in the statement cannot be read')
    return text
  })
}

export function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal('the statement cannot be read')
  return value as readonly unknown[]
}

export function asNode(value: unknown): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('the statement cannot be read')
  }
  return value as Node
}

function unknownField(type: string, field: string): string {
  if (field === 'intoClause') return 'SELECT INTO creates a table and is not allowed'
  return `${describe(type)} with ${field} is not allowed`
}

const WORDS: Record<string, string> = {
  CurrentOfExpr: 'WHERE CURRENT OF a cursor',
  RangeTableSample: 'TABLESAMPLE',
  RangeTableFunc: 'XMLTABLE',
  JsonTable: 'JSON_TABLE',
  XmlExpr: 'XML',
  XmlSerialize: 'XML',
}

/** A node type in SQL-like words: VariableSetStmt → "VARIABLE SET". */
export function describe(type: string): string {
  const known = WORDS[type]
  if (known !== undefined) return known
  if (!type.endsWith('Stmt')) return `the construct ${type}`
  return type
    .slice(0, -'Stmt'.length)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
}
