/** Which JSON a Postgres type becomes when the client did not ask for raw text. */
import type { AnswerWriter } from './answer-writer'
import { parseArray, type ArrayItem } from './arrays'

/** Writes a value, which is text from `start` to `end`, as JSON. */
export type Encoder = (out: AnswerWriter, data: Buffer, start: number, end: number) => void

/** The same for an element of an array, whose text has been unquoted. */
type ElementEncoder = (text: string) => string

/** What the catalog says of a type that is not in the tables below: null when it is no array. */
export type ArrayInfo = { readonly element: number; readonly delimiter: string } | null

/** Where to ask about them; undefined when nobody has asked yet. */
export type ArrayTypes = { get(oid: number): ArrayInfo | undefined }

const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const LETTER_T = 0x74

export const quoted: Encoder = (out, data, start, end) => {
  out.string(data, start, end)
}
const asIs: Encoder = (out, data, start, end) => {
  out.bytes(data, start, end)
}
const asBoolean: Encoder = (out, data, start) => {
  out.bytes(data[start] === LETTER_T ? TRUE : FALSE)
}
const asFloat: Encoder = (out, data, start, end) => {
  out.text(floatElement(data.toString('latin1', start, end)))
}

/** Postgres prints the shortest text that reads back; 1 becomes 1.0 so that it stays a float. */
const floatElement: ElementEncoder = (text) =>
  /^-?\d+$/.test(text) ? `${text}.0` : /^-?\d/.test(text) ? text : JSON.stringify(text)
const booleanElement: ElementEncoder = (text) => (text === 't' ? 'true' : 'false')
const stringElement: ElementEncoder = (text) => JSON.stringify(text)

const ENCODERS = new Map<number, Encoder>([
  [16, asBoolean],
  [21, asIs], // int2
  [23, asIs], // int4
  [700, asFloat], // float4
  [701, asFloat], // float8
  [114, asIs], // json
  [3802, asIs], // jsonb
])

/** An element of any other type (an enum, a domain, a row) is a string. */
const ELEMENTS = new Map<Encoder, ElementEncoder>([
  [asBoolean, booleanElement],
  [asFloat, floatElement],
  [asIs, (text) => text],
])

/**
 * Common types that are strings, so that they need no look in the catalog. The numbers of built-in
 * types never change; `select typname from pg_type where oid = 17` names one.
 */
const STRINGS = new Set([
  17, 18, 19, 20, 22, 25, 26, 30, 142, 600, 601, 602, 603, 604, 628, 650, 705, 718, 774, 790, 829,
  869, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1560, 1562, 1700, 2205, 2206, 2278, 2950,
  3614, 3615, 3904, 3906, 3908, 3910, 3912, 3926,
])

/** Array type → element type, for the same purpose. */
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

/** @returns undefined when the catalog has to be asked about the type first */
export function encoderOf(oid: number, catalog: ArrayTypes): Encoder | undefined {
  const known = ENCODERS.get(oid) ?? (STRINGS.has(oid) ? quoted : undefined)
  if (known !== undefined) return known
  const builtIn = ARRAYS.get(oid)
  const array = builtIn === undefined ? catalog.get(oid) : { element: builtIn, delimiter: ',' }
  if (array === undefined) return undefined
  if (array === null) return quoted
  const element = ELEMENTS.get(ENCODERS.get(array.element) ?? quoted) ?? stringElement
  return (out, data, start, end) => {
    const items = parseArray(data.toString('utf8', start, end), array.delimiter)
    out.text(encodeItems(items, element))
  }
}

function encodeItems(items: readonly ArrayItem[], element: ElementEncoder): string {
  const encoded = items.map((item) => {
    if (item === null) return 'null'
    return typeof item === 'string' ? element(item) : encodeItems(item, element)
  })
  return `[${encoded.join(',')}]`
}
