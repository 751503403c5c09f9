/**
 * A pull parser for JSON in bytes. It makes one pass, takes time and memory in proportion to the input,
 * and builds only the strings that the caller asks for.
 *
 * JSON.parse is faster for building objects, but turns 10 MB of `[{"":1},…]` into a gigabyte of them.
 * Numbers stay the text that was sent: 1.0 is not 1, and large integers keep all digits.
 */

/** Same limit as serde_json's: deeper nesting is an error instead of a stack overflow. */
const MAX_DEPTH = 128
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
/** The letters that have a special meaning after a backslash (RFC 8259 § 7). */
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13 }).map(([k, code]) => [k.charCodeAt(0), code]),
)

/** What a string is written into: an array literal, JSON, or JSON within an array literal. */
const IN_ARRAY = 0
const AS_JSON = 1
const JSON_IN_ARRAY = 2
type Style = typeof IN_ARRAY | typeof AS_JSON | typeof JSON_IN_ARRAY

/** Throws a SyntaxError for invalid JSON, and a RangeError for nesting deeper than 128. */
export class JsonReader {
  readonly #bytes: Buffer
  readonly #text = new TextWriter()
  #at = 0
  #depth = 0

  /** @param bytes valid UTF-8 */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    // A byte order mark.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3
  }

  /** The first character of the next value. */
  peek(): string {
    this.#space()
    return String.fromCharCode(this.#byte())
  }

  end(): void {
    this.#space()
    if (this.#at < this.#bytes.length) throw new SyntaxError('text after the value')
  }

  /** @param member called before each member's value, which it must read */
  object(member: (name: string) => void): void {
    this.#sequence('{', '}', () => {
      this.#space()
      const name = this.string()
      this.#space()
      this.#expect(COLON)
      member(name)
    })
  }

  /** @param item called before each item, which it must read */
  array(item: () => void): void {
    this.#sequence('[', ']', item)
  }

  string(): string {
    const start = this.#at
    return this.#skipString()
      ? (JSON.parse(this.#slice(start, this.#at)) as string)
      : this.#slice(start + 1, this.#at - 1)
  }

  /** Skips a value of any kind. */
  skip(): void {
    switch (this.peek()) {
      case '{':
        this.object(() => {
          this.skip()
        })
        break
      case '[':
        this.array(() => {
          this.skip()
        })
        break
      case '"':
        this.#skipString()
        break
      default:
        this.scalar()
    }
  }

  /** A number, `true`, `false` or `null`, exactly as written. */
  scalar(): string {
    const start = this.#skipScalar()
    return this.#slice(start, this.#at)
  }

  /** An array as a Postgres array literal (8.15.2 in the manual); objects in it as JSON. */
  arrayLiteral(): string {
    this.#text.clear()
    this.#writeArray()
    return this.#text.take()
  }

  /** A value as JSON without whitespace. */
  json(): string {
    this.#text.clear()
    this.#writeJson(AS_JSON)
    return this.#text.take()
  }

  #writeArray(): void {
    let isFirst = true
    this.#text.ascii('{')
    this.array(() => {
      if (!isFirst) this.#text.ascii(',')
      isFirst = false
      this.#writeElement()
    })
    this.#text.ascii('}')
  }

  #writeElement(): void {
    const first = this.peek()
    if (first === '[') {
      this.#writeArray()
    } else if (first === '{') {
      this.#text.ascii('"')
      this.#writeJson(JSON_IN_ARRAY)
      this.#text.ascii('"')
    } else if (first === '"') {
      this.#text.ascii('"')
      this.#writeString(IN_ARRAY)
      this.#text.ascii('"')
    } else {
      const start = this.#skipScalar()
      if (first === 'n') this.#text.ascii('NULL')
      else this.#text.bytes(this.#bytes, start, this.#at)
    }
  }

  #writeJson(style: Style): void {
    let isFirst = true
    switch (this.peek()) {
      case '{':
        this.#text.ascii('{')
        this.#sequence('{', '}', () => {
          if (!isFirst) this.#text.ascii(',')
          isFirst = false
          this.#space()
          this.#writeJsonString(style)
          this.#space()
          this.#expect(COLON)
          this.#text.ascii(':')
          this.#writeJson(style)
        })
        this.#text.ascii('}')
        break
      case '[':
        this.#text.ascii('[')
        this.array(() => {
          if (!isFirst) this.#text.ascii(',')
          isFirst = false
          this.#writeJson(style)
        })
        this.#text.ascii(']')
        break
      case '"':
        this.#writeJsonString(style)
        break
      default: {
        const start = this.#skipScalar()
        this.#text.bytes(this.#bytes, start, this.#at)
      }
    }
  }

  #writeJsonString(style: Style): void {
    const quote = style === JSON_IN_ARRAY ? '\\"' : '"'
    this.#text.ascii(quote)
    this.#writeString(style)
    this.#text.ascii(quote)
  }

  /** The text between the quotes. */
  #writeString(style: Style): void {
    const start = this.#at + 1
    const isEscaped = this.#skipString()
    const end = this.#at - 1
    if (!isEscaped) {
      this.#text.bytes(this.#bytes, start, end)
      return
    }
    let plain = start
    for (let at = start; at < end;) {
      if (this.#bytes[at] !== BACKSLASH) {
        at++
        continue
      }
      this.#text.bytes(this.#bytes, plain, at)
      at = this.#writeEscape(at + 1, style)
      plain = at
    }
    this.#text.bytes(this.#bytes, plain, end)
  }

  /** @returns where the text continues */
  #writeEscape(at: number, style: Style): number {
    const kind = this.#bytes[at] ?? 0
    if (kind !== 0x75) {
      this.#text.character(SHORT_ESCAPES.get(kind) ?? kind, style)
      return at + 1
    }
    const unit = this.#codeUnit(at + 1)
    const second = (unit & 0xfc00) === 0xd800 ? this.#codeUnit(at + 7) : 0
    const isPair =
      (second & 0xfc00) === 0xdc00 &&
      this.#bytes[at + 5] === BACKSLASH &&
      this.#bytes[at + 6] === 0x75
    const code = isPair ? 0x10000 + ((unit & 0x3ff) << 10) + (second & 0x3ff) : unit
    this.#text.character(code, style)
    return at + (isPair ? 11 : 5)
  }

  /** The code of four hexadecimal digits. */
  #codeUnit(at: number): number {
    return Number.parseInt(this.#bytes.toString('latin1', at, at + 4), 16)
  }

  #sequence(open: string, close: string, item: () => void): void {
    this.#space()
    this.#expect(open.charCodeAt(0))
    if (++this.#depth > MAX_DEPTH) throw new RangeError('nested too deeply')
    this.#space()
    if (this.#byte() === close.charCodeAt(0)) {
      this.#at++
    } else {
      for (;;) {
        item()
        this.#space()
        if (this.#byte() !== COMMA) break
        this.#at++
      }
      this.#expect(close.charCodeAt(0))
    }
    this.#depth--
  }

  /** @returns whether it contains escapes */
  #skipString(): boolean {
    this.#expect(QUOTE)
    const bytes = this.#bytes
    let isEscaped = false
    for (let at = this.#at; ; at++) {
      const byte = bytes[at] ?? 0
      if (byte < 0x20) throw new SyntaxError('control character in a string, or no end')
      if (byte === QUOTE) {
        this.#at = at + 1
        return isEscaped
      }
      if (byte === BACKSLASH) {
        isEscaped = true
        at = this.#escape(at + 1)
      }
    }
  }

  /** @returns where its last character is */
  #escape(at: number): number {
    const kind = this.#bytes[at] ?? 0
    if (!'"\\/bfnrtu'.includes(String.fromCharCode(kind))) throw new SyntaxError('unknown escape')
    if (kind !== 0x75) return at
    for (let i = at + 1; i <= at + 4; i++) {
      if (!isHex(this.#bytes[i] ?? 0)) throw new SyntaxError('unknown escape')
    }
    return at + 4
  }

  /** @returns where it begins */
  #skipScalar(): number {
    this.#space()
    const start = this.#at
    const first = this.#byte()
    if (first === 0x74) this.#word('true')
    else if (first === 0x66) this.#word('false')
    else if (first === 0x6e) this.#word('null')
    else this.#number()
    return start
  }

  #word(word: string): void {
    for (let i = 0; i < word.length; i++) this.#expect(word.charCodeAt(i))
  }

  #number(): void {
    if (this.#bytes[this.#at] === 0x2d) this.#at++
    if (this.#bytes[this.#at] === 0x30) this.#at++
    else this.#digits()
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at++
      this.#digits()
    }
    // e and E
    if (((this.#bytes[this.#at] ?? 0) | 0x20) === 0x65) {
      this.#at++
      const sign = this.#bytes[this.#at]
      if (sign === 0x2b || sign === 0x2d) this.#at++
      this.#digits()
    }
  }

  #digits(): void {
    const start = this.#at
    for (;;) {
      const byte = this.#bytes[this.#at] ?? 0
      if (byte < 0x30 || byte > 0x39) break
      this.#at++
    }
    if (this.#at === start) throw new SyntaxError('expected a digit')
  }

  #space(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new SyntaxError('it ends too early')
    return byte
  }

  #expect(byte: number): void {
    if (this.#bytes[this.#at] !== byte) throw new SyntaxError('unexpected character')
    this.#at++
  }

  #slice(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end)
  }
}

/** Half of a surrogate pair, which has no UTF-8 form. */
export class LoneSurrogate extends Error {
  override readonly name = 'LoneSurrogate'
}

const EMPTY = Buffer.alloc(0)

/** Builds a text by appending. */
class TextWriter {
  #bytes = EMPTY
  #length = 0

  clear(): void {
    this.#length = 0
  }

  take(): string {
    return this.#bytes.toString('utf8', 0, this.#length)
  }

  ascii(text: string): void {
    this.#reserve(text.length)
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i)
  }

  bytes(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    if (end - start > 64) this.#length += from.copy(this.#bytes, this.#length, start, end)
    else for (let i = start; i < end; i++) this.#bytes[this.#length++] = from[i] ?? 0
  }

  /** Appends an escaped character in the shortest form that the style allows. */
  character(code: number, style: Style): void {
    const text = String.fromCodePoint(code)
    if (style === IN_ARRAY) {
      if (isSurrogate(code)) throw new LoneSurrogate()
      if (text === '"' || text === '\\') this.ascii('\\')
      this.#utf8(text)
    } else {
      const json = JSON.stringify(text).slice(1, -1)
      // In an array literal, each quote and backslash needs another backslash.
      this.#utf8(style === AS_JSON ? json : json.replace(/["\\]/g, '\\$&'))
    }
  }

  #utf8(text: string): void {
    this.#reserve(text.length * 3)
    this.#length += this.#bytes.write(text, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(256, needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

function isHex(byte: number): boolean {
  const letter = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66)
}
