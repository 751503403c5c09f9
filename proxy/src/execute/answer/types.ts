/** Maps Postgres types to JSON, for clients that did not ask for raw text. */
import { quoted, writeArray, type Encoder } from './arrays'

/** The element type of an array type that is not in the tables below; null for other types. */
export type ArrayInfo = { readonly element: number; readonly delimiter: string } | null

/** Looks up such types; undefined while unknown. */
export type ArrayTypes = { get(oid: number): ArrayInfo | undefined }

const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const LETTER_T = 0x74
const MINUS = 0x2d
const POINT_ZERO = Buffer.from('.0')

const asIs: Encoder = (out, data, start, end) => {
  out.bytes(data, start, end)
}
const asBoolean: Encoder = (out, data, start) => {
  out.bytes(data[start] === LETTER_T ? TRUE : FALSE)
}
/** Postgres prints the shortest text that reads back the same. 1 becomes 1.0 so that it stays a float. */
const asFloat: Encoder = (out, data, start, end) => {
  const first = data[start] === MINUS ? start + 1 : start
  // NaN and ±Infinity.
  if (!isDigit(data[first])) {
    out.string(data, start, end)
    return
  }
  out.bytes(data, start, end)
  let at = first
  while (at < end && isDigit(data[at])) at++
  if (at === end) out.bytes(POINT_ZERO)
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39
}

const ENCODERS = new Map<number, Encoder>([
  [16, asBoolean],
  [21, asIs], // int2
  [23, asIs], // int4
  [700, asFloat], // float4
  [701, asFloat], // float8
  [114, asIs], // json
  [3802, asIs], // jsonb
])

/**
 * Common types that become strings, so that they need no catalog query. The oids of built-in types
 * never change; `select typname from pg_type where oid = 17` shows a name.
 */
const STRINGS = new Set([
  17, 18, 19, 20, 22, 25, 26, 30, 142, 600, 601, 602, 603, 604, 628, 650, 705, 718, 774, 790, 829,
  869, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1560, 1562, 1700, 2205, 2206, 2278, 2950,
  3614, 3615, 3904, 3906, 3908, 3910, 3912, 3926,
])

/** Array type → element type, for the same reason. */
const ARRAYS = new Map<number, number>([
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1028, 26],
  [1115, 1114],
  [1182, 1082],
  [1183, 1083],
  [1185, 1184],
  [1187, 1186],
  [1231, 1700],
  [199, 114],
  [2951, 2950],
  [3807, 3802],
])

/** @returns undefined while the type still has to be looked up in the catalog */
export function encoderOf(oid: number, catalog: ArrayTypes): Encoder | undefined {
  const known = ENCODERS.get(oid) ?? (STRINGS.has(oid) ? quoted : undefined)
  if (known !== undefined) return known
  const builtIn = ARRAYS.get(oid)
  const array = builtIn === undefined ? catalog.get(oid) : { element: builtIn, delimiter: ',' }
  if (array === undefined) return undefined
  if (array === null) return quoted
  const element = ENCODERS.get(array.element) ?? quoted
  return (out, data, start, end) => {
    writeArray(out, data, start, end, array.delimiter, element)
  }
}
