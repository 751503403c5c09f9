/** Estimates from the parse tree how large the value of an expression can be. */
import { asList, asNode, names, unwrap, type Node } from './walk'

/**
 * `fixed`: always a few bytes, such as an integer, a boolean or a date.
 * `bounded`: at most the bytes and list elements of its constants and parameters together.
 * `unbounded`: a column, a subquery, or anything computed from one.
 */
export type ValueSize =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'unbounded' }
  | {
      readonly kind: 'bounded'
      readonly bytes: number
      readonly elements: number
      /** Numbers of its parameters, whose sizes are known when the statement runs. */
      readonly params: readonly number[]
    }

const FIXED: ValueSize = { kind: 'fixed' }
export const UNBOUNDED: ValueSize = { kind: 'unbounded' }

/** With more parameters than this, a pattern counts as unbounded. */
const MAX_PARAMS = 1_000

/** Functions whose result is at most as long as their arguments together. */
const KEEPS_SIZE = new Set(
  `lower upper initcap btrim ltrim rtrim concat to_json to_jsonb json_build_array json_build_object
  jsonb_build_array jsonb_build_object like_escape similar_to_escape to_tsquery plainto_tsquery
  phraseto_tsquery websearch_to_tsquery`.split(/\s+/),
)
/** The claims of a token, which fit into a header. */
const IDENTITY: ValueSize = { kind: 'bounded', bytes: 0, elements: 1, params: [] }

/** Values of a few bytes. Not numeric: see 2::numeric ^ 400000. */
export const FIXED_TYPES = new Set(
  `bool int2 int4 int8 float4 float8 date time timetz timestamp timestamptz interval uuid`.split(
    ' ',
  ),
)

/** Detects text that becomes much longer as a value: 1e131071 as numeric or jsonb. */
export function canExpand(text: string): boolean {
  return /(?:^|[\s,:[({+-])[\d._]+e\+?[\d_]{3,}(?:$|[\s,\])}])/i.test(text)
}

/** An upper bound for the elements of a text that is read as an array, jsonb or range. */
export function countElements(text: string): number {
  return 1 + (text.match(/[,:[{]/g)?.length ?? 0)
}

/** All other nodes count as unbounded. */
export const MEASURED: ReadonlySet<string> = new Set(
  `A_Const ParamRef SQLValueFunction BoolExpr NullTest BooleanTest CollateClause CoalesceExpr MinMaxExpr
  A_ArrayExpr List RowExpr TypeCast FuncCall A_Expr`.split(/\s+/),
)

/** @param sizeOf the size of a node that was measured before, otherwise unbounded */
export function measure(
  type: string,
  node: Node,
  sizeOf: (child: unknown) => ValueSize,
): ValueSize {
  const all = (children: unknown) => sum(asList(children ?? []).map(sizeOf))
  switch (type) {
    case 'A_Const':
      return measureConstant(node)
    case 'ParamRef':
      return typeof node.number === 'number'
        ? { kind: 'bounded', bytes: 0, elements: 0, params: [node.number] }
        : UNBOUNDED
    case 'SQLValueFunction':
    case 'BoolExpr':
    case 'NullTest':
    case 'BooleanTest':
      return FIXED
    case 'CollateClause':
      return sizeOf(node.arg)
    case 'CoalesceExpr':
    case 'MinMaxExpr':
      return all(node.args)
    case 'A_ArrayExpr':
      return all(node.elements)
    case 'List':
      return all(node.items)
    case 'RowExpr':
      return all(node.args)
    case 'TypeCast':
      return measureCast(sizeOf(node.arg), asNode(node.typeName))
    case 'FuncCall': {
      const path = names(node.funcname)
      const name = path.at(-1) ?? ''
      if (path.length === 2 && path[0] === 'auth') return IDENTITY
      return KEEPS_SIZE.has(name) ? all(node.args) : UNBOUNDED
    }
    case 'A_Expr':
      return measureOperator(node, sizeOf)
    default:
      return UNBOUNDED
  }
}

function measureConstant(node: Node): ValueSize {
  const text = ['sval', 'fval', 'bsval'].flatMap((field) => {
    const inner = node[field] === undefined ? undefined : asNode(node[field])[field]
    return typeof inner === 'string' ? [inner] : []
  })[0]
  // Integers, booleans and NULL. The tree omits an empty string, which is short as well.
  if (text === undefined) return FIXED
  if (canExpand(text)) return UNBOUNDED
  const bytes = Buffer.byteLength(text)
  return { kind: 'bounded', bytes, elements: countElements(text), params: [] }
}

function measureCast(from: ValueSize, typeName: Node): ValueSize {
  const name = names(typeName.names).at(-1) ?? ''
  const isArray = asList(typeName.arrayBounds ?? []).length > 0 || name.startsWith('_')
  if (from.kind === 'unbounded') return UNBOUNDED
  if (!isArray && FIXED_TYPES.has(name)) return FIXED
  // char(10000000) and bit(…) pad.
  const mayPad = asList(typeName.typmods ?? []).length > 0 && name !== 'varchar'
  return mayPad ? UNBOUNDED : sum([from])
}

function measureOperator(node: Node, sizeOf: (child: unknown) => ValueSize): ValueSize {
  if (node.kind === 'AEXPR_NULLIF') return sizeOf(node.lexpr)
  const operands = [node.lexpr, node.rexpr].filter((side) => side !== undefined).map(sizeOf)
  if (names(node.name).at(-1) === '||') return sum(operands)
  return operands.every(({ kind }) => kind === 'fixed') ? FIXED : UNBOUNDED
}

/** The longest text of a fixed value, such as an interval. */
const FIXED_BYTES = 70

function sum(sizes: readonly ValueSize[]): ValueSize {
  let bytes = 0
  let elements = 0
  const params: number[] = []
  for (const size of sizes) {
    if (size.kind === 'unbounded') return UNBOUNDED
    if (size.kind === 'fixed') {
      bytes += FIXED_BYTES
      elements += 1
    } else {
      bytes += size.bytes
      elements += size.elements
      params.push(...size.params)
    }
  }
  return params.length > MAX_PARAMS ? UNBOUNDED : { kind: 'bounded', bytes, elements, params }
}

export type SizeOf = (child: unknown) => ValueSize

/** Looks up sizes by node; unmeasured nodes are unbounded. */
export function lookUp(sizes: ReadonlyMap<Node, ValueSize>): SizeOf {
  return (child) => {
    const wrapped = child === undefined ? undefined : unwrap(child)
    return (wrapped && sizes.get(wrapped.node)) ?? UNBOUNDED
  }
}
