/** One statement's answer as JSON: exactly the members that Neon's protocol lists, and no more. */
import { ProxyError } from '../errors'
import type { Field, Sink } from '../postgres/messages'
import type { AnswerBuffer } from './answer-buffer'
import { commandOf } from './command'
import { encoderOf, type ArrayTypes, type Encoder } from './types'

export type Shape = { readonly rawText: boolean; readonly arrayMode: boolean }

const raw: Encoder = (text) => JSON.stringify(text)

export class StatementAnswer implements Sink {
  readonly #buffer: AnswerBuffer
  readonly #shape: Shape
  readonly #catalog: ArrayTypes
  #fields: readonly Field[] = []
  #encoders: readonly Encoder[] | undefined = []
  #keys: readonly string[] = []
  #rows: string[] = []
  /** Rows whose types are still to be looked up. */
  #waiting: { readonly values: readonly (string | null)[]; readonly bytes: number }[] = []
  #tag = ''

  constructor(buffer: AnswerBuffer, shape: Shape, catalog: ArrayTypes) {
    this.#buffer = buffer
    this.#shape = shape
    this.#catalog = catalog
  }

  onFields(fields: readonly Field[]): void {
    this.#fields = fields
    this.#keys = fields.map(({ name }) => `${JSON.stringify(name)}:`)
    this.#encoders = this.#findEncoders()
  }

  onRow(values: readonly (string | null)[], bytes: number): void {
    if (this.#encoders !== undefined) {
      const row = this.#encode(values, this.#encoders)
      this.#buffer.countRow(Buffer.byteLength(row))
      this.#rows.push(row)
    } else {
      this.#buffer.countRow(bytes)
      this.#waiting.push({ values, bytes })
    }
  }

  onComplete(tag: string): void {
    this.#tag = tag
  }

  /** Types that the catalog must be asked about before `finish`. */
  unknownTypes(): number[] {
    if (this.#encoders !== undefined) return []
    return this.#fields
      .filter(({ dataTypeID }) => encoderOf(dataTypeID, this.#catalog) === undefined)
      .map(({ dataTypeID }) => dataTypeID)
  }

  /** @throws ProxyError when a value is not what its type promises */
  finish(): string {
    const encoders = this.#encoders ?? this.#findEncoders()
    if (encoders === undefined) throw undecodable()
    for (const { values, bytes } of this.#waiting) {
      const row = this.#encode(values, encoders)
      this.#buffer.countBytes(Buffer.byteLength(row) - bytes)
      this.#rows.push(row)
    }
    const fields = this.#fields.map((field) => JSON.stringify(field)).join(',')
    const { command, rowCount } = commandOf(this.#tag)
    return `{"fields":[${fields}],"rows":[${this.#rows.join(',')}],"command":${JSON.stringify(command)},"rowCount":${rowCount ?? 'null'},"rowAsArray":${String(this.#shape.arrayMode)}}`
  }

  #encode(values: readonly (string | null)[], encoders: readonly Encoder[]): string {
    let row = ''
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? null
      const json = value === null ? 'null' : encode(encoders[i] ?? raw, value)
      // A name that occurs twice is written twice; JavaScript keeps the last.
      row += `${i === 0 ? '' : ','}${this.#shape.arrayMode ? '' : (this.#keys[i] ?? '')}${json}`
    }
    return this.#shape.arrayMode ? `[${row}]` : `{${row}}`
  }

  #findEncoders(): readonly Encoder[] | undefined {
    if (this.#shape.rawText) return this.#fields.map(() => raw)
    const encoders = this.#fields.map(({ dataTypeID }) => encoderOf(dataTypeID, this.#catalog))
    return encoders.every((encoder) => encoder !== undefined) ? encoders : undefined
  }
}

function encode(encoder: Encoder, text: string): string {
  try {
    return encoder(text)
  } catch {
    throw undecodable()
  }
}

function undecodable(): ProxyError {
  return new ProxyError('answer_undecodable', 'could not parse postgres response')
}
