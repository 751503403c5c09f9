/** SQL's three-valued logic, on sets of possible values. */
export type Truth = boolean | null
/** The possible values of an expression. */
export type Truths = ReadonlySet<Truth>

export const TRUE: Truths = new Set([true])
export const FALSE: Truths = new Set([false])
export const NULL: Truths = new Set([null])
export const UNKNOWN: Truths = new Set([true, false, null])

export const isOnly = (truth: Truth, truths: Truths) => truths.size === 1 && truths.has(truth)
export const union = (all: readonly Truths[]): Truths =>
  new Set(all.flatMap((truths) => [...truths]))
export const without = (one: Truth, truths: Truths): Truths =>
  new Set([...truths].filter((truth) => truth !== one))
export const replaceNull = (truths: Truths, others: Truths) =>
  union([without(null, truths), others])
export const map = (truths: Truths, change: (truth: Truth) => Truth): Truths =>
  new Set([...truths].map(change))
export const pairs = (a: Truths, b: Truths, join: (a: Truth, b: Truth) => Truth): Truths =>
  new Set([...a].flatMap((one) => [...b].map((other) => join(one, other))))

export const negate = (truth: Truth) => (truth === null ? null : !truth)
export const and = (a: Truth, b: Truth) =>
  a === false || b === false ? false : a === null ? null : b
export const or = (a: Truth, b: Truth) => (a === true || b === true ? true : a === null ? null : b)
