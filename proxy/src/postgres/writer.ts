/** Builds messages to Postgres in one buffer, so that a whole request is one write. */

const INITIAL_BYTES = 2_048
const LONG = 4_096
const code = (letter: string) => letter.charCodeAt(0)

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
const PARSE = code('P')
const BIND = code('B')
const DESCRIBE = code('D')
const EXECUTE = code('E')
const CLOSE = code('C')
const TERMINATE = 0x58 // X
const SYNC = code('S')
const QUERY = code('Q')

export class MessageWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  #at = 0
  #lengthAt = 0

  /** Parse without parameter types, which Postgres infers. */
  parse(name: string, sql: string): this {
    this.#begin(PARSE)
    this.#text(name)
    this.#text(sql)
    this.#int16(0)
    return this.#end()
  }

  /** Bind to the unnamed portal, with all parameters and results as text. */
  bind(name: string, params: readonly (string | null)[]): this {
    this.#begin(BIND)
    this.#text('')
    this.#text(name)
    this.#int16(0)
    this.#int16(params.length)
    for (const param of params) this.#value(param)
    this.#int16(0)
    return this.#end()
  }

  describePortal(): this {
    this.#begin(DESCRIBE)
    this.#text('P')
    return this.#end()
  }

  execute(): this {
    this.#begin(EXECUTE)
    this.#text('')
    this.#int32(0)
    return this.#end()
  }

  closeStatement(name: string): this {
    this.#begin(CLOSE)
    this.#text(`S${name}`)
    return this.#end()
  }

  sync(): this {
    this.#begin(SYNC)
    return this.#end()
  }

  query(sql: string): this {
    this.#begin(QUERY)
    this.#text(sql)
    return this.#end()
  }

  terminate(): this {
    this.#begin(TERMINATE)
    return this.#end()
  }

  /** The bytes written so far. */
  take(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  #begin(type: number): void {
    this.#reserve(5)
    this.#buffer[this.#at] = type
    this.#lengthAt = this.#at + 1
    this.#at += 5
  }

  #end(): this {
    this.#buffer.writeInt32BE(this.#at - this.#lengthAt, this.#lengthAt)
    return this
  }

  /** A C string. A NUL in the text would inject the rest into the message. */
  #text(text: string): void {
    if (text.includes('\0')) throw new RangeError('a NUL in a protocol string')
    this.#bytes(text)
    this.#reserve(1)
    this.#buffer[this.#at++] = 0
  }

  #value(value: string | null): void {
    this.#int32(-1)
    if (value === null) return
    const start = this.#at
    this.#bytes(value)
    this.#buffer.writeInt32BE(this.#at - start, start - 4)
  }

  #bytes(text: string): void {
    if (text === '') return
    // A UTF-16 unit takes at most three bytes in UTF-8; a long text is measured first.
    this.#reserve(text.length > LONG ? Buffer.byteLength(text) : text.length * 3)
    this.#at += this.#buffer.write(text, this.#at, 'utf8')
  }

  #int16(value: number): void {
    this.#reserve(2)
    this.#at = this.#buffer.writeUInt16BE(value, this.#at)
  }

  #int32(value: number): void {
    this.#reserve(4)
    this.#at = this.#buffer.writeInt32BE(value, this.#at)
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}
