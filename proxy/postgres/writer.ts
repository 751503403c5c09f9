/** Builds what is sent to Postgres in one piece, so that a whole request is one write. */

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class MessageWriter {
  #buffer = Buffer.allocUnsafe(1024)
  #at = 0

  /** Parse without parameter types: Postgres infers them. */
  parse(name: string, sql: string): this {
    return this.#message('P', () => {
      this.#text(name)
      this.#text(sql)
      this.#int16(0)
    })
  }

  /** Bind to the unnamed portal, all parameters and all results as text. */
  bind(name: string, params: readonly (string | null)[]): this {
    return this.#message('B', () => {
      this.#text('')
      this.#text(name)
      this.#int16(0)
      this.#int16(params.length)
      for (const param of params) this.#value(param)
      this.#int16(0)
    })
  }

  describePortal(): this {
    return this.#message('D', () => {
      this.#text('P')
    })
  }

  execute(): this {
    return this.#message('E', () => {
      this.#text('')
      this.#int32(0)
    })
  }

  closeStatement(name: string): this {
    return this.#message('C', () => {
      this.#text(`S${name}`)
    })
  }

  sync(): this {
    return this.#message('S', () => undefined)
  }

  query(sql: string): this {
    return this.#message('Q', () => {
      this.#text(sql)
    })
  }

  /** Everything written so far. */
  take(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  #message(type: string, body: () => void): this {
    this.#reserve(5)
    this.#buffer.write(type, this.#at, 'latin1')
    const lengthAt = this.#at + 1
    this.#at += 5
    body()
    this.#buffer.writeInt32BE(this.#at - lengthAt, lengthAt)
    return this
  }

  /** A C string; a NUL inside would let the text write the rest of the message. */
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
    // No character of UTF-16 takes more than three bytes in UTF-8.
    this.#reserve(text.length * 3)
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
