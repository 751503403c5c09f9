/** How the rows of one statement become JSON: worked out once per description, then only bytes are copied. */
import type { Field } from '../../postgres/messages'
import type { AnswerWriter } from './answer-writer'
import { quoted, type Encoder } from './arrays'
import { encoderOf, type ArrayTypes } from './types'

export type Shape = { readonly rawText: boolean; readonly arrayMode: boolean }

const NULL = Buffer.from('null')

export class RowFormat {
  /** All of the answer that stands before its first row. */
  readonly head: Buffer
  /** What stands before each value, and after the last. */
  readonly #separators: readonly Buffer[]
  readonly #end: Buffer
  readonly #encoders: readonly Encoder[]

  constructor(fields: readonly Field[], encoders: readonly Encoder[], arrayMode: boolean) {
    const [open, close] = arrayMode ? ['[', ']'] : ['{', '}']
    this.#encoders = encoders
    // A name that occurs twice is written twice; JavaScript keeps the last.
    this.#separators = fields.map(({ name }, i) =>
      Buffer.from(`${i === 0 ? open : ','}${arrayMode ? '' : `${JSON.stringify(name)}:`}`),
    )
    this.#end = Buffer.from(fields.length === 0 ? `${open}${close}` : close)
    this.head = Buffer.from(`{"fields":${JSON.stringify(fields)},"rows":[`)
  }

  /** @param at where in `data` the body of a DataRow begins */
  write(out: AnswerWriter, data: Buffer, at: number): void {
    const count = data.readUInt16BE(at)
    if (count !== this.#encoders.length) throw new RangeError('a row does not fit its description')
    at += 2
    for (let i = 0; i < count; i++) {
      const separator = this.#separators[i]
      const encode = this.#encoders[i]
      if (separator === undefined || encode === undefined) break
      out.bytes(separator)
      const length = data.readInt32BE(at)
      at += 4
      if (length < 0) {
        out.bytes(NULL)
      } else {
        encode(out, data, at, at + length)
        at += length
      }
    }
    out.bytes(this.#end)
  }
}

/** A prepared statement hands out the same fields every time. */
const formats = new WeakMap<readonly Field[], Map<string, RowFormat>>()

/** @returns undefined while the catalog has to be asked about a type first */
export function formatOf(
  fields: readonly Field[],
  { rawText, arrayMode }: Shape,
  catalog: ArrayTypes,
): RowFormat | undefined {
  const key = rawText ? (arrayMode ? 'raw array' : 'raw') : arrayMode ? 'array' : 'object'
  const known = formats.get(fields)?.get(key)
  if (known !== undefined) return known
  const encoders: Encoder[] = []
  for (const { dataTypeID } of fields) {
    const encoder = rawText ? quoted : encoderOf(dataTypeID, catalog)
    if (encoder === undefined) return undefined
    encoders.push(encoder)
  }
  const format = new RowFormat(fields, encoders, arrayMode)
  formats.set(fields, (formats.get(fields) ?? new Map<string, RowFormat>()).set(key, format))
  return format
}
