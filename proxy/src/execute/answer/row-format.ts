/** Formats the rows of a statement as JSON. Computed once per row description; after that only bytes are copied. */
import type { Field } from '../../postgres/messages'
import type { AnswerWriter } from './answer-writer'
import { quoted, type Encoder } from './arrays'
import { encoderOf, type ArrayTypes } from './types'

export type Shape = { readonly rawText: boolean; readonly arrayMode: boolean }

const NULL = Buffer.from('null')

export class RowFormat {
  /** The part of the answer before the first row. */
  readonly head: Buffer
  /** The text before each value, and after the last one. */
  readonly #separators: readonly Buffer[]
  readonly #end: Buffer
  readonly #encoders: readonly Encoder[]

  constructor(fields: readonly Field[], encoders: readonly Encoder[], arrayMode: boolean) {
    const [open, close] = arrayMode ? ['[', ']'] : ['{', '}']
    this.#encoders = encoders
    // A repeated name is written twice; JSON.parse keeps the last value.
    this.#separators = fields.map(({ name }, i) =>
      Buffer.from(`${i === 0 ? open : ','}${arrayMode ? '' : `${JSON.stringify(name)}:`}`),
    )
    this.#end = Buffer.from(fields.length === 0 ? `${open}${close}` : close)
    this.head = Buffer.from(`{"fields":${JSON.stringify(fields)},"rows":[`)
  }

  /** @param at offset of a DataRow's body in `data` */
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

/** Cached by the fields, because a prepared statement has the same array on every run. */
const formats = new WeakMap<readonly Field[], Map<string, RowFormat>>()

/** @returns undefined while a type still has to be looked up in the catalog */
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
