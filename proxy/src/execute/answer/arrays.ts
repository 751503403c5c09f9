/**
 * Writes Postgres' array literals as JSON, with nesting, quotes, NULL, bounds, any delimiter, and empty
 * arrays. It copies bytes between buffers: a JavaScript string for each of ten megabytes of short elements
 * would block the event loop for half a second.
 */
import type { AnswerWriter } from './answer-writer'

/** Writes the text from `start` to `end` as a JSON value. */
export type Encoder = (out: AnswerWriter, data: Buffer, start: number, end: number) => void

const byte = (character: string) => character.charCodeAt(0)
const OPEN = byte('{')
const CLOSE = byte('}')
const QUOTE = byte('"')
const BACKSLASH = byte('\\')
const SPACE = byte(' ')
const JSON_OPEN = Buffer.from('[')
const JSON_CLOSE = Buffer.from(']')
const COMMA = Buffer.from(',')
/** The word NULL. */
const NULL = 0x4e554c4c
const JSON_NULL = Buffer.from('null')

/** A JSON string. */
export const quoted: Encoder = (out, data, start, end) => {
  out.string(data, start, end)
}

/**
 * @param data contains the literal from `start` to `end`, as Postgres prints it:
 *   https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 * @param delimiter `,` for every built-in type but box, which has `;`
 * @param element writes an unquoted element
 * @throws Error when it is not an array literal
 */
export function writeArray(
  out: AnswerWriter,
  data: Buffer,
  start: number,
  end: number,
  delimiter: string,
  element: Encoder,
): void {
  // JSON cannot express the bounds in `[1:1][-2:-1]={…}`.
  const first = data[start] === byte('[') ? data.indexOf('=', start) + 1 : start
  const reader = new ArrayReader(out, data, first, end, byte(delimiter), element)
  reader.array()
  reader.end()
}

class ArrayReader {
  readonly #out: AnswerWriter
  readonly #data: Buffer
  readonly #end: number
  readonly #delimiter: number
  readonly #element: Encoder
  #at: number
  /** Holds the text of one element. */
  #scratch = Buffer.alloc(0)

  constructor(
    out: AnswerWriter,
    data: Buffer,
    at: number,
    end: number,
    delimiter: number,
    element: Encoder,
  ) {
    this.#out = out
    this.#data = data
    this.#at = at
    this.#end = end
    this.#delimiter = delimiter
    this.#element = element
  }

  array(): void {
    this.#expect(OPEN)
    this.#out.bytes(JSON_OPEN)
    if (this.#here !== CLOSE) {
      this.#item()
      while (this.#here === this.#delimiter) {
        this.#at++
        this.#out.bytes(COMMA)
        this.#item()
      }
    }
    this.#expect(CLOSE)
    this.#out.bytes(JSON_CLOSE)
  }

  end(): void {
    if (this.#at !== this.#end) throw new Error('text after the array')
  }

  get #here(): number | undefined {
    return this.#at < this.#end ? this.#data[this.#at] : undefined
  }

  #item(): void {
    if (this.#here === OPEN) this.array()
    else if (this.#here === QUOTE) this.#quoted()
    else this.#word()
  }

  #word(): void {
    const data = this.#data
    const start = this.#at
    let at = start
    while (at < this.#end && data[at] !== this.#delimiter && data[at] !== CLOSE) at++
    this.#at = at
    if (at - start === 4 && data.readUInt32BE(start) === NULL) this.#out.bytes(JSON_NULL)
    else this.#element(this.#out, data, start, at)
  }

  #quoted(): void {
    const data = this.#data
    const start = this.#at + 1
    let at = start
    let escapes = 0
    let isJson = true
    for (; at < this.#end && data[at] !== QUOTE; at++) {
      if (data[at] === BACKSLASH) {
        escapes++
        at++
        if (data[at] !== QUOTE && data[at] !== BACKSLASH) isJson = false
      }
      if ((data[at] ?? 0) < SPACE) isJson = false
    }
    if (at >= this.#end) throw new Error('a quoted element does not end')
    this.#at = at + 1
    if (escapes === 0) this.#element(this.#out, data, start, at)
    // Postgres escapes only quotes and backslashes, in the same way as JSON.
    else if (this.#element === quoted && isJson) this.#out.bytes(data, start - 1, at + 1)
    else this.#unescaped(start, at, at - start - escapes)
  }

  #unescaped(start: number, end: number, length: number): void {
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafe(2 * length)
    const scratch = this.#scratch
    for (let from = start, to = 0; from < end; from++, to++) {
      if (this.#data[from] === BACKSLASH) from++
      scratch[to] = this.#data[from] ?? 0
    }
    this.#element(this.#out, scratch, 0, length)
  }

  #expect(character: number): void {
    if (this.#here !== character) throw new Error('the array has another form')
    this.#at++
  }
}
