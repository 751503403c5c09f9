/**
 * Bounds the work that Postgres may do without checking for a cancellation.
 *
 * Postgres notices timeouts, cancellations and shutdown between two rows, not within one: a call is never
 * interrupted, nor are the calls of one row. Two things are bounded per statement:
 * - The cost of a pattern per byte that is searched. `strpos`, LIKE, `@>` and similar take the product of
 *   their operands, so one operand must be small by construction: constants and parameters, and
 *   concatenations of them.
 * - The number of calls on values of unknown size, such as columns.
 * SECURITY.md has the arithmetic; `uninterruptible.test.ts` tries the lists with large values.
 */
import { BUILT_IN_FUNCTIONS } from './functions'
import { Refusal } from './refusal'
import {
  FIXED_TYPES,
  lookUp,
  measure,
  MEASURED,
  UNBOUNDED,
  type SizeOf,
  type ValueSize,
} from './value-sizes'
import { asList, asNode, names, unwrap, type Node } from './walk'

/** A unit, such as a byte of a LIKE pattern or an array element, costs about 0.4 ns per byte searched. */
export const MAX_PATTERN_UNITS = 200
/** A unit costs about 0.5 ns per byte of the largest value in the statement. */
const MAX_CALL_UNITS = 400

/** Up to this many calls do not matter, even on the largest parameter that a body can hold. */
const FEW_CALLS = 100
/** Calls on parameters, multiplied by the bytes of the largest one; about 10 ns each. */
export const MAX_CALL_BYTES = 1024 ** 3

/** A pattern's cost depends on its bytes or, for lists, on its elements. */
export type PatternKind = 'bytes' | 'elements'

/** What is known about the patterns before the parameters have values. */
export type Patterns = {
  /** Units of the constants. */
  readonly units: number
  /** Calls on parameters; each may take one pass over the largest of them. */
  readonly calls: number
  readonly params: readonly {
    readonly number: number
    readonly kind: PatternKind
    readonly weight: number
  }[]
}

type Rule = {
  /** Operands that may be the pattern; one of them must be bounded. */
  readonly operands: readonly number[]
  readonly kind: PatternKind
  /** Units per byte or element. Measured; see SECURITY.md. */
  readonly weight: number
}

const rule = (operands: readonly number[], kind: PatternKind, weight = 1): Rule => ({
  operands,
  kind,
  weight,
})

const LIKE = rule([1], 'bytes')
const OVERLAP = rule([0, 1], 'elements')
const SEARCHED = rule([1], 'bytes')
const TRIMMED = rule([1], 'bytes', 6)
/** An element that is stored out of line is fetched again for each comparison. */
const ELEMENT = rule([1], 'elements')

const JSON_PATH_FUNCTIONS = ['exists', 'match', 'query', 'query_first'].flatMap((name) =>
  ['', '_tz'].map((suffix) => `jsonb_path_${name}${suffix}`),
)

const OPERATOR_PATTERNS: ReadonlyMap<string, Rule> = new Map([
  ...['~~', '!~~', '~~*', '!~~*'].map((name) => [name, LIKE] as const),
  ...['@>', '<@', '&&'].map((name) => [name, OVERLAP] as const),
  // A path that matches everything visits the whole value for each of its steps.
  ...['?|', '?&', '#-', '@?'].map((name) => [name, rule([1], 'elements')] as const),
])

const FUNCTION_PATTERNS: ReadonlyMap<string, Rule> = new Map([
  ...['strpos', 'position', 'split_part', 'string_to_array', 'string_to_table', 'replace'].map(
    (name) => [name, SEARCHED] as const,
  ),
  ['translate', rule([1], 'bytes', 11)],
  ...['btrim', 'ltrim', 'rtrim'].map((name) => [name, TRIMMED] as const),
  ...['array_position', 'array_positions', 'array_remove', 'array_replace'].map(
    (name) => [name, ELEMENT] as const,
  ),
  ...JSON_PATH_FUNCTIONS.map((name) => [name, SEARCHED] as const),
  // The result contains the separator once per element.
  ['array_to_string', rule([1], 'bytes')],
])

/** These turn a text into a query, whose parts are compared with one another. */
const SMALL_TEXT = new Set(
  'to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery'.split(' '),
)

/** Parsing a tsquery is quadratic in its length: 1 MB takes ten seconds. */
const READ_AS_QUERY = rule([0], 'bytes', 0.2)
/** An untyped parameter of these is parsed as a tsquery. */
const TAKES_QUERY = new Set('numnode querytree tsquery_phrase ts_rank ts_rank_cd'.split(' '))

/** With text on both sides, `@@` parses the right one as a query, so one side must have another type. */
const SEARCH_TYPES = new Set(['tsvector', 'tsquery', 'jsonpath'])
const SEARCH_FUNCTIONS = new Set([...SMALL_TEXT, 'to_tsvector', 'setweight', 'strip'])

const UNTYPED = new Set(['ParamRef', 'A_Const'])

const COMPARISONS = new Set(['=', '<>', '<', '>', '<=', '>=', 'BETWEEN', 'NOT BETWEEN'])
/** Two small numbers may produce a huge one. */
const EXPANDING = new Set(['^', '|/', '||/'])

/** These may produce up to 147 thousand digits from one number. */
const EXPANDING_FUNCTIONS = new Set(
  'exp power pow sqrt ln log10 factorial gcd lcm div random_normal'.split(' '),
)

/** Node types to count in addition to the measured ones. */
const COUNTED = new Set(['SubLink', 'A_Indirection'])

const UNIT_COMPARED = 0.2
const UNITS_LIGHT = 1
const UNITS_CALL = 20

/** Less than a nanosecond per byte, or almost no work. Every other call counts 20 times as much. */
const LIGHT_FUNCTIONS = new Set(
  `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or count every max min string_agg sum
  corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
  regr_sxy regr_syy stddev stddev_pop stddev_samp var_pop var_samp variance mode percentile_cont
  percentile_disc cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank
  rank row_number abs ceil ceiling floor mod round sign trunc num_nonnulls num_nulls
  age date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days justify_hours
  justify_interval make_date make_interval make_time make_timestamp make_timestamptz timezone
  to_timestamp array_length cardinality char_length length octet_length left right jsonb_typeof
  jsonb_array_length isempty lower_inc lower_inf upper_inc upper_inf`.split(/\s+/),
)

export class Work {
  readonly #nodes: { readonly type: string; readonly node: Node }[] = []
  readonly #sizes = new Map<Node, ValueSize>()
  readonly #sizeOf: SizeOf = lookUp(this.#sizes)
  readonly #params: Patterns['params'][number][] = []
  #patternUnits = 0
  #callUnits = 0
  #callsOnParams = 0

  /** Must be called for every node, parents before children. */
  add(type: string, node: Node): void {
    if (MEASURED.has(type) || COUNTED.has(type)) this.#nodes.push({ type, node })
  }

  /** Adds `x.f`, which may call a listed function. @throws Refusal */
  addAttribute(name: string, node: Node): void {
    if (SMALL_TEXT.has(name)) throw new Refusal(patternUnbounded(), node)
    if (BUILT_IN_FUNCTIONS.has(name)) this.#add(unitsOf(name), node)
  }

  /** Must be called after the whole statement was visited. @throws Refusal */
  check(): Patterns | undefined {
    // Children first, so that their sizes are known.
    for (const { type, node } of this.#nodes.reverse()) {
      const size = measure(type, node, this.#sizeOf)
      if (size !== UNBOUNDED) this.#sizes.set(node, size)
      this.#visit(type, node)
    }
    if (this.#patternUnits > MAX_PATTERN_UNITS) throw new Refusal(patternsTooLarge())
    return this.#params.length > 0 || this.#callsOnParams > FEW_CALLS
      ? { units: this.#patternUnits, calls: this.#callsOnParams, params: this.#params }
      : undefined
  }

  #visit(type: string, node: Node): void {
    switch (type) {
      case 'FuncCall':
        this.#call(node)
        break
      case 'A_Expr':
        this.#operator(node)
        break
      case 'SubLink': {
        const found = OPERATOR_PATTERNS.get(names(node.operName ?? []).at(-1) ?? '')
        if (found) this.#pattern(found, [this.#sizeOf(node.testexpr), UNBOUNDED], node)
        break
      }
      case 'TypeCast': {
        const target = names(asNode(node.typeName).names).at(-1) ?? ''
        if (target === 'tsquery' || target === '_tsquery') {
          this.#pattern(READ_AS_QUERY, [this.#sizeOf(node.arg)], node)
        }
        this.#count(
          [this.#sizeOf(node.arg)],
          FIXED_TYPES.has(target) ? UNITS_LIGHT : UNITS_CALL,
          node,
        )
        break
      }
      case 'A_ArrayExpr':
        this.#count(asList(node.elements ?? []).map(this.#sizeOf), UNITS_LIGHT, node)
        break
      case 'MinMaxExpr':
      case 'RowExpr':
        this.#count(asList(node.args ?? []).map(this.#sizeOf), UNITS_LIGHT, node)
        break
      case 'A_Indirection':
        this.#count([this.#sizeOf(node.arg)], UNITS_LIGHT, node)
        break
    }
  }

  #call(node: Node): void {
    const name = names(node.funcname).at(-1) ?? ''
    const sizes = asList(node.args ?? []).map(this.#sizeOf)
    const found = FUNCTION_PATTERNS.get(name)
    if (found && sizes.length > 1) this.#pattern(found, sizes, node)
    if (SMALL_TEXT.has(name)) {
      this.#pattern(rule([sizes.length - 1], 'bytes', 0.2), sizes, node)
    }
    if (TAKES_QUERY.has(name)) this.#readAsQuery(asList(node.args ?? []), node)
    if (EXPANDING_FUNCTIONS.has(name)) this.#add(UNITS_CALL, node)
    else this.#count(sizes, unitsOf(name), node)
  }

  #operator(node: Node): void {
    const name = names(node.name).at(-1) ?? ''
    const sizes = [node.lexpr, node.rexpr].map((side) =>
      side === undefined ? UNBOUNDED : this.#sizeOf(side),
    )
    const isOverArray = node.kind === 'AEXPR_OP_ANY' || node.kind === 'AEXPR_OP_ALL'
    const found = OPERATOR_PATTERNS.get(name)
    if (found) {
      // Each element of the array is a pattern.
      this.#pattern(isOverArray ? { ...found, operands: [1] } : found, sizes, node)
    } else if (isOverArray) {
      this.#overArray(name, sizes, node)
    }
    if (name === '@@' && ![node.lexpr, node.rexpr].some(isSearch)) {
      this.#pattern(rule([1], 'bytes', 0.2), sizes, node)
    }
    const operands = [node.lexpr, node.rexpr].filter((side) => side !== undefined)
    if (operands.some(isSearch)) this.#readAsQuery(operands, node)
    if (EXPANDING.has(name)) this.#add(UNITS_CALL, node)
    else if (COMPARISONS.has(name) && sizes.some(({ kind }) => kind !== 'unbounded')) {
      this.#add(UNIT_COMPARED, node)
    } else this.#count(sizes, UNITS_LIGHT, node)
  }

  /** Where a tsquery is expected, constants and parameters without a cast are parsed as one. */
  #readAsQuery(operands: readonly unknown[], node: Node): void {
    for (const operand of operands) {
      if (!UNTYPED.has(unwrap(operand)?.type ?? '')) continue
      this.#pattern(READ_AS_QUERY, [this.#sizeOf(operand)], node)
    }
  }

  /** `x = any (array)`: with two columns, the value would be fetched again for each element. */
  #overArray(name: string, [left, right]: readonly ValueSize[], node: Node): void {
    if (right?.kind !== 'unbounded' && (name === '=' || name === '<>')) return
    this.#pattern(rule([0, 1], 'elements'), [left ?? UNBOUNDED, right ?? UNBOUNDED], node)
  }

  #pattern({ operands, kind, weight }: Rule, sizes: readonly ValueSize[], node: Node): void {
    const candidates = operands.map((i) => sizes[i] ?? UNBOUNDED)
    if (candidates.some((size) => size.kind === 'fixed')) return
    const [smallest] = candidates
      .filter((size) => size.kind === 'bounded')
      .sort((a, b) => a.params.length - b.params.length || a[kind] - b[kind])
    if (smallest === undefined) throw new Refusal(patternUnbounded(), node)
    this.#patternUnits += weight * smallest[kind]
    for (const number of smallest.params) this.#params.push({ number, kind, weight })
  }

  #count(sizes: readonly ValueSize[], units: number, node: Node): void {
    if (sizes.some(({ kind }) => kind === 'unbounded')) this.#add(units, node)
    else if (sizes.some((size) => size.kind === 'bounded' && size.params.length > 0)) {
      this.#callsOnParams++
    }
  }

  #add(units: number, node: Node): void {
    this.#callUnits += units
    if (this.#callUnits > MAX_CALL_UNITS) throw new Refusal(tooManyCalls('columns'), node)
  }
}

/** Certainly not text: the result of a cast or function with another type. */
function isSearch(value: unknown): boolean {
  const made = value === undefined ? undefined : unwrap(value)
  if (made?.type === 'TypeCast') {
    return SEARCH_TYPES.has(names(asNode(made.node.typeName).names).at(-1) ?? '')
  }
  return made?.type === 'FuncCall' && SEARCH_FUNCTIONS.has(names(made.node.funcname).at(-1) ?? '')
}

function unitsOf(name: string): number {
  return LIGHT_FUNCTIONS.has(name) ? UNITS_LIGHT : UNITS_CALL
}

function patternUnbounded(): string {
  return 'what is searched for has to be made of constants and parameters only, because a search for a column or a subquery cannot be interrupted'
}

export function patternsTooLarge(): string {
  return `what it searches for is too large: all its patterns together may have ${MAX_PATTERN_UNITS} bytes or list elements; search for less, or with unnest() and =`
}

export function tooManyCalls(on: string): string {
  return `it calls too many functions on ${on}, which cannot be interrupted within a row; send several statements`
}
