/** Measures a client's parameters for the limit on search patterns, as a request's are. */
import type { Verdict } from '../gate/decide'
import { requireSmallPatterns } from '../gate/pattern-params'
import type { Param } from './from-client'

/** Object ids of types whose binary form is their text: text, varchar, bpchar, name, bytea. */
const TEXT = new Set([25, 1043, 1042, 19, 17])
/** Their binary form is at least as long as their elements are many: text[], varchar[], int2[], int4[], int8[], uuid[]. */
const LISTS = new Set([1009, 1015, 1005, 1007, 1016, 2951])
/** Always a few bytes: bool, int8, int2, int4, float4, float8, date, timestamp, timestamptz, uuid. */
const FIXED = new Set([16, 20, 21, 23, 700, 701, 1082, 1114, 1184, 2950])
/** Counts as too large. A numeric of eight bytes can have 131,072 digits. */
const UNKNOWN = '1e9999'

/** @throws ProxyError pattern_too_large */
export function requireSmallParams(
  verdict: Verdict | undefined,
  params: readonly Param[],
  types: readonly number[],
): void {
  if (verdict?.patterns === undefined) return
  const texts = params.map((param, i) => param && textOf(param, types[i] ?? 0))
  requireSmallPatterns([{ sql: '', params: texts, arrayMode: undefined }], [verdict])
}

function textOf({ isBinary, value }: NonNullable<Param>, type: number): string {
  if (!isBinary || TEXT.has(type)) return value.toString('utf8')
  if (LISTS.has(type)) return ','.repeat(value.length)
  return FIXED.has(type) ? '-' : UNKNOWN
}
