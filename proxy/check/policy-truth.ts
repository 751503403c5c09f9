/**
 * Whether a policy's condition is true for every row. Its parse tree is evaluated in SQL's three-valued
 * logic, with all columns unknown. Anything undecidable counts as unknown.
 */
import {
  and,
  FALSE,
  isOnly,
  map,
  negate,
  NULL,
  or,
  pairs,
  replaceNull,
  TRUE,
  union,
  UNKNOWN,
  without,
  type Truth,
  type Truths,
} from './three-valued'
import {
  asList,
  asTree,
  constantOf,
  entries,
  find,
  functionName,
  strings,
  text,
} from './policy-expression'

type Tree = Readonly<Record<string, unknown>>

/** The kinds of requests: by a user, by a user whose token has no further claims, or without a user. */
export const ASKERS = ['user', 'bare user', 'nobody'] as const
export type Asker = (typeof ASKERS)[number]

type World = {
  readonly asker: Asker
  /** The NOT NULL columns of the row. */
  readonly notNull: ReadonlySet<string>
  /** Whether columns may belong to other tables, as in a sub-select with FROM. */
  readonly isNested?: boolean
}

type Certainty = 'always' | 'never' | 'maybe'

/** @param tree from parseExpression() */
export function isAlwaysTrue(tree: Tree, notNull: ReadonlySet<string>, asker: Asker): boolean {
  return isOnly(true, truthsOf(tree.val, { notNull, asker }))
}

function truthsOf(value: unknown, world: World): Truths {
  const [[type, child] = ['', {}]] = entries(value)
  const node = asTree(child)
  switch (type) {
    case 'A_Const':
      if (node.isnull === true) return NULL
      return node.boolval === undefined ? UNKNOWN : new Set([asTree(node.boolval).boolval === true])
    case 'TypeCast':
      return truthsOf(node.arg, world)
    case 'BoolExpr':
      return truthsOfJunction(node, world)
    case 'BooleanTest':
      return tested(text(node.booltesttype), truthsOf(node.arg, world))
    case 'NullTest':
      return whether(nullnessOf(node.arg, world), node.nulltesttype === 'IS_NULL')
    case 'CoalesceExpr':
      return asList(node.args).reduce<Truths>(
        (truths, arg) => (truths.has(null) ? replaceNull(truths, truthsOf(arg, world)) : truths),
        NULL,
      )
    case 'CaseExpr':
      return union(reachableResults(node, world).map((result) => truthsOf(result, world)))
    case 'SubLink':
      return truthsOfSubLink(node, world)
    case 'A_Expr':
      return truthsOfOperator(node, world)
    case 'ColumnRef':
      return nullnessOf(value, world) === 'never' ? without(null, UNKNOWN) : UNKNOWN
    default:
      return UNKNOWN
  }
}

function truthsOfJunction(node: Tree, world: World): Truths {
  const args = asList(node.args)
  const truths = args.map((arg) => truthsOf(arg, world))
  if (node.boolop === 'NOT_EXPR') return map(truths[0] ?? UNKNOWN, negate)
  if (node.boolop === 'AND_EXPR') return truths.reduce((a, b) => pairs(a, b, and), TRUE)
  // One of them is always true: x IS NULL OR x IS NOT NULL.
  const nullTests = args.flatMap((arg) => {
    const test = asTree(asTree(arg).NullTest)
    return test.arg === undefined ? [] : [[text(test.nulltesttype), written(test.arg, world)]]
  })
  const isArchived = nullTests.some(([kind, of]) =>
    nullTests.some(([other, same]) => of === same && kind !== other),
  )
  return isArchived ? TRUE : truths.reduce((a, b) => pairs(a, b, or), FALSE)
}

function truthsOfSubLink(link: Tree, world: World): Truths {
  const { rows, target, isPlain } = readSelect(link, world)
  switch (link.subLinkType) {
    case 'EXISTS_SUBLINK':
      return whether(rows, true)
    case 'EXPR_SUBLINK':
      if (rows === 'never') return NULL
      if (!isPlain) return UNKNOWN
      return union([truthsOf(target, world), rows === 'always' ? new Set() : NULL])
    case 'ANY_SUBLINK': {
      if (rows === 'never') return FALSE
      if (!isPlain || rows === 'maybe') return UNKNOWN
      return compared(strings(link.operName).at(-1) ?? '=', link.testexpr, target, world)
    }
    case 'ALL_SUBLINK':
      return rows === 'never' ? TRUE : UNKNOWN
    default:
      return UNKNOWN
  }
}

function truthsOfOperator(node: Tree, world: World): Truths {
  const operator = strings(node.name).at(-1) ?? ''
  const { lexpr, rexpr } = node
  switch (node.kind) {
    case 'AEXPR_OP':
    case 'AEXPR_LIKE':
      return compared(operator, lexpr, rexpr, world)
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT': {
      const differs = distinct(lexpr, rexpr, world)
      return node.kind === 'AEXPR_DISTINCT' ? differs : map(differs, negate)
    }
    case 'AEXPR_IN':
    case 'AEXPR_OP_ANY': {
      const each = elementsOf(rexpr, world)?.map((element) =>
        compared(operator, lexpr, element, world),
      )
      return each === undefined || each.length === 0
        ? UNKNOWN
        : each.reduce((a, b) => pairs(a, b, or), FALSE)
    }
    default:
      return UNKNOWN
  }
}

/** Ignores NULL in a column if both sides are equal: owner = owner counts as true. */
function compared(operator: string, left: unknown, right: unknown, world: World): Truths {
  const nullness = [nullnessOf(left, world), nullnessOf(right, world)]
  if (nullness.includes('always')) return NULL
  const known = compares(operator, reduced(left, world), reduced(right, world), world)
  if (known !== undefined) return new Set([known])
  return nullness.every((one) => one === 'never') ? without(null, UNKNOWN) : UNKNOWN
}

function distinct(left: unknown, right: unknown, world: World): Truths {
  const nullness = [nullnessOf(left, world), nullnessOf(right, world)].sort().join()
  if (nullness === 'always,always') return FALSE
  if (nullness === 'always,never') return TRUE
  const isSame = written(reduced(left, world), world) === written(reduced(right, world), world)
  return isSame ? FALSE : without(null, UNKNOWN)
}

/** Functions of the proxy that return a value for every signed-in user. */
const EVERY_USER = new Set(['auth.user_id', 'auth.session', 'auth.jwt'])
/** Claims in every token. */
const EVERY_TOKEN = new Set(['sub', 'iss', 'exp'])
/** Functions with a result of at least 0. */
const NOT_NEGATIVE = new Set([
  'abs',
  'bit_length',
  'cardinality',
  'char_length',
  'character_length',
  'length',
  'octet_length',
])

/** Strict functions: NULL if an argument is NULL. */
const STRICT = new Set([
  ...NOT_NEGATIVE,
  'lower',
  'upper',
  'btrim',
  'ltrim',
  'rtrim',
  'md5',
  'replace',
])

function nullnessOf(value: unknown, world: World): Certainty {
  const [[type, child] = ['', {}]] = entries(value)
  const node = asTree(child)
  switch (type) {
    case 'A_Const':
      return node.isnull === true ? 'always' : 'never'
    case 'TypeCast':
      return nullnessOf(node.arg, world)
    case 'ColumnRef':
      return !world.isNested && world.notNull.has(strings(node.fields).at(-1) ?? '')
        ? 'never'
        : 'maybe'
    case 'FuncCall':
      return nullnessOfCall(node, world)
    case 'A_ArrayExpr':
      return 'never'
    case 'CoalesceExpr': {
      const args = asList(node.args).map((arg) => nullnessOf(arg, world))
      if (args.includes('never')) return 'never'
      return args.every((arg) => arg === 'always') ? 'always' : 'maybe'
    }
    case 'CaseExpr': {
      const [result, ...more] = reachableResults(node, world)
      return more.length === 0 ? nullnessOf(result, world) : 'maybe'
    }
    case 'SubLink':
      if (node.subLinkType === 'EXPR_SUBLINK') return nullnessOfSelect(node, world)
      return node.subLinkType === 'ARRAY_SUBLINK'
        ? 'never'
        : nullnessIn(truthsOfSubLink(node, world))
    case 'A_Expr':
      return nullnessOfOperator(node, world)
    case 'BoolExpr':
    case 'BooleanTest':
    case 'NullTest':
      return nullnessIn(truthsOf(value, world))
    default:
      return 'maybe'
  }
}

function nullnessOfCall(call: Tree, { asker, ...world }: World): Certainty {
  const name = functionName(call)
  if (name.startsWith('auth.') && call.args === undefined) {
    if (asker === 'nobody') return 'always'
    if (EVERY_USER.has(name)) return 'never'
    return asker === 'bare user' && name.startsWith('auth.organization') ? 'always' : 'maybe'
  }
  const isNull = (arg: unknown) => nullnessOf(arg, { asker, ...world }) === 'always'
  return STRICT.has(name) && asList(call.args).some(isNull) ? 'always' : 'maybe'
}

function nullnessOfSelect(link: Tree, world: World): Certainty {
  const { rows, target, isPlain } = readSelect(link, world)
  if (rows === 'never') return 'always'
  if (!isPlain) return 'maybe'
  const nullness = nullnessOf(target, world)
  return rows === 'always' || nullness === 'always' ? nullness : 'maybe'
}

function nullnessOfOperator(node: Tree, world: World): Certainty {
  if (text(node.kind).endsWith('DISTINCT')) return 'never'
  if (!/^AEXPR_(OP|LIKE)$/.test(text(node.kind))) return nullnessIn(truthsOfOperator(node, world))
  const sides = [node.lexpr, node.rexpr].filter((side) => side !== undefined)
  const nullness = sides.map((side) => nullnessOf(side, world))
  if (nullness.includes('always')) return 'always'
  const operator = strings(node.name).at(-1) ?? ''
  if (/^(->|#>)/.test(operator) && world.asker === 'bare user') {
    const claim = constantOf(node.rexpr)
    const isClaim = /^auth\.(session|jwt)$/.test(calledBy(node.lexpr, world))
    return isClaim && !EVERY_TOKEN.has(String(claim)) ? 'always' : 'maybe'
  }
  const isComparison = operator in MIRRORED || operator === '~~'
  return isComparison && nullness.every((one) => one === 'never') ? 'never' : 'maybe'
}

/** The function that produces the value, also within a cast or a sub-select. */
function calledBy(value: unknown, world: World): string {
  const { FuncCall: call, TypeCast: cast } = asTree(reduced(value, world))
  return cast === undefined ? functionName(asTree(call)) : calledBy(asTree(cast).arg, world)
}

type Select = {
  /** Whether it returns a row. */
  readonly rows: Certainty
  readonly target: unknown
  /** Whether it has no FROM, so that its target is an expression on the row. */
  readonly isPlain: boolean
}

/** Clauses that neither change nor add rows. */
const PLAIN = new Set(['targetList', 'limitOption', 'op', 'whereClause', 'fromClause'])

function readSelect({ subselect }: Tree, world: World): Select {
  const select = asTree(asTree(subselect).SelectStmt)
  const { targetList, whereClause, fromClause } = select
  const target = asTree(asTree(asList(targetList)[0]).ResTarget).val
  const isPlain = fromClause === undefined && asList(targetList).length === 1
  // count(*) returns a row for no input, and unnest() may return none.
  const changesRows =
    select.op !== 'SETOP_NONE' ||
    [targetList, select.havingClause].some((part) =>
      find(part, 'FuncCall').some((call) => {
        const name = functionName(call)
        return !name.startsWith('auth.') && !STRICT.has(name)
      }),
    )
  const inside = fromClause === undefined ? world : { ...world, isNested: true }
  const passes = whereClause === undefined ? TRUE : truthsOf(whereClause, inside)
  if (changesRows) return { rows: 'maybe', target, isPlain }
  if (!passes.has(true)) return { rows: 'never', target, isPlain }
  const isCertain = fromClause === undefined && Object.keys(select).every((key) => PLAIN.has(key))
  return { rows: isCertain && isOnly(true, passes) ? 'always' : 'maybe', target, isPlain }
}

/** The possible values of a CASE for this kind of request. */
function reachableResults(node: Tree, world: World): unknown[] {
  const otherwise = node.defresult ?? { A_Const: { isnull: true } }
  const results: unknown[] = []
  for (const arm of asList(node.args)) {
    const { expr, result } = asTree(asTree(arm).CaseWhen)
    const truths = node.arg === undefined ? truthsOf(expr, world) : UNKNOWN
    if (truths.has(true)) results.push(result)
    if (isOnly(true, truths)) return results
  }
  return [...results, otherwise]
}

/** Simplifies an expression by removing parts that are NULL for this kind of request: coalesce(NULL, a) is a. */
function reduced(value: unknown, world: World): unknown {
  const [[type, child] = ['', {}]] = entries(value)
  const node = asTree(child)
  if (type === 'TypeCast') {
    const isText = /^(text|varchar|bpchar)$/.test(typeName(node))
    const arg = reduced(node.arg, world)
    return isText && asTree(arg).ColumnRef !== undefined ? arg : { TypeCast: { ...node, arg } }
  }
  if (type === 'SubLink' && node.subLinkType === 'EXPR_SUBLINK') {
    const { rows, target, isPlain } = readSelect(node, world)
    return isPlain && rows === 'always' ? reduced(target, world) : value
  }
  if (type === 'CoalesceExpr') {
    const left = asList(node.args).filter((arg) => nullnessOf(arg, world) !== 'always')
    const [first] = left
    if (first === undefined) return { A_Const: { isnull: true } }
    const isFirst = left.length === 1 || nullnessOf(first, world) === 'never'
    return isFirst ? reduced(first, world) : { CoalesceExpr: { ...node, args: left } }
  }
  if (type === 'CaseExpr') {
    const [result, ...more] = reachableResults(node, world)
    return more.length === 0 ? reduced(result, world) : value
  }
  return value
}

function elementsOf(value: unknown, world: World): readonly unknown[] | undefined {
  const { A_ArrayExpr: array, List: list, SubLink: link, TypeCast: cast } = asTree(value)
  if (cast !== undefined) return elementsOf(asTree(cast).arg, world)
  if (array !== undefined) return asList(asTree(array).elements)
  if (list !== undefined) return asList(asTree(list).items)
  if (asTree(link).subLinkType !== 'ARRAY_SUBLINK') return undefined
  const { rows, target, isPlain } = readSelect(asTree(link), world)
  return isPlain && rows === 'always' ? [target] : undefined
}

/** Operators and their commutators. */
const MIRRORED: Readonly<Record<string, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
}

/** The result of a comparison, if certain. */
function compares(
  operator: string,
  left: unknown,
  right: unknown,
  world: World,
): boolean | undefined {
  const [l, r] = [constantOf(left), constantOf(right)]
  if (operator === '~~') return r === '%' ? true : undefined
  if (written(left, world) === written(right, world)) return holds(operator, 0, 0)
  if (l !== undefined && r !== undefined) {
    if (typeof l === 'number' && typeof r === 'number') return holds(operator, l, r)
    // The order of texts depends on the collation.
    if (typeof l !== typeof r || !/^(=|<>)$/.test(operator)) return undefined
    return (operator === '=') === (l === r)
  }
  if (l !== undefined) return comparesToConstant(MIRRORED[operator] ?? '', right, l)
  return r === undefined ? undefined : comparesToConstant(operator, left, r)
}

/** No text sorts before '', and no length is negative. */
function comparesToConstant(
  operator: string,
  value: unknown,
  constant: string | number,
): boolean | undefined {
  if (constant === '') return operator === '>=' ? true : operator === '<' ? false : undefined
  const name = functionName(asTree(asTree(value).FuncCall)).replace(/^pg_catalog\./, '')
  if (typeof constant !== 'number' || constant > 0 || !NOT_NEGATIVE.has(name)) return undefined
  const [atLeast, farAbove] = [holds(operator, 0, constant), holds(operator, 1, constant)]
  return atLeast === farAbove ? atLeast : undefined
}

function holds(operator: string, left: number, right: number): boolean | undefined {
  const signs: Readonly<Record<string, boolean>> = {
    '=': left === right,
    '<>': left !== right,
    '<': left < right,
    '>': left > right,
    '<=': left <= right,
    '>=': left >= right,
  }
  return signs[operator]
}

/** A canonical text of an expression. Outside of sub-selects with FROM, all columns are the row's. */
function written(value: unknown, { isNested }: World): string {
  return JSON.stringify(value, (key, child: unknown) => {
    if (key === 'location') return undefined
    if (key !== 'ColumnRef' || isNested === true) return child
    return strings(asTree(child).fields).at(-1) ?? child
  })
}

function typeName({ typeName: type }: Tree): string {
  return strings(asTree(type).names).at(-1) ?? ''
}

function tested(test: string, truths: Truths): Truths {
  const [, not, what = ''] = /^IS_(NOT_)?(\w+)$/.exec(test) ?? []
  const sought: Truth = what === 'TRUE' ? true : what === 'FALSE' ? false : null
  return map(truths, (truth) => (truth === sought) === (not === undefined))
}

function nullnessIn(truths: Truths): Certainty {
  if (!truths.has(null)) return 'never'
  return isOnly(null, truths) ? 'always' : 'maybe'
}

function whether(certainty: Certainty, isSo: boolean): Truths {
  if (certainty === 'maybe') return without(null, UNKNOWN)
  return (certainty === 'always') === isSo ? TRUE : FALSE
}
