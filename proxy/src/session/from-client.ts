/** Parses a client's messages strictly: whatever does not fit the protocol ends the session with 08P01. */
import { ProxyError } from '../errors'

const code = (letter: string) => letter.charCodeAt(0)

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
export const FROM_CLIENT = {
  bind: code('B'),
  close: code('C'),
  copyData: code('d'),
  copyDone: code('c'),
  copyFail: code('f'),
  describe: code('D'),
  execute: code('E'),
  flush: code('H'),
  functionCall: code('F'),
  parse: code('P'),
  password: code('p'),
  query: code('Q'),
  sync: code('S'),
  terminate: code('X'),
} as const

export type Message = { readonly type: number; readonly body: Buffer }

export type Parse = {
  readonly name: string
  readonly sql: string
  /** Object ids; 0 where Postgres infers the type. */
  readonly types: readonly number[]
}

export type Bind = {
  readonly portal: string
  readonly statement: string
  readonly params: readonly Param[]
  /** From the formats of the parameters to the end, which is passed on unchanged. */
  readonly rest: Buffer
}

/** A parameter; null for NULL. */
export type Param = { readonly isBinary: boolean; readonly value: Buffer } | null

/** Of a statement or a portal. */
export type Named = { readonly kind: 'statement' | 'portal'; readonly name: string }

/** SQLSTATE 08P01, protocol_violation. */
export function malformed(what: string): ProxyError {
  return new ProxyError('protocol_violation', what, { code: '08P01', severity: 'FATAL' })
}

export function readParse(body: Buffer): Parse {
  const reader = new BodyReader(body, 'Parse')
  const name = reader.text()
  const sql = reader.text()
  const types = Array.from({ length: reader.count() }, () => reader.uint32())
  reader.end()
  return { name, sql, types }
}

export function readBind(body: Buffer): Bind {
  const reader = new BodyReader(body, 'Bind')
  const portal = reader.text()
  const statement = reader.text()
  const start = reader.at
  const formats = Array.from({ length: reader.count() }, () => reader.format())
  const count = reader.count()
  if (formats.length > 1 && formats.length !== count) {
    throw malformed(`bind message has ${formats.length} parameter formats but ${count} parameters`)
  }
  const params = Array.from({ length: count }, (_, i): Param => {
    const value = reader.value()
    const isBinary = (formats.length === 1 ? formats[0] : formats[i]) === 1
    return value && { isBinary, value }
  })
  for (let results = reader.count(); results > 0; results--) reader.format()
  reader.end()
  return { portal, statement, params, rest: body.subarray(start) }
}

export function readExecute(body: Buffer): { portal: string; maxRows: number } {
  const reader = new BodyReader(body, 'Execute')
  const portal = reader.text()
  const maxRows = reader.uint32()
  reader.end()
  return { portal, maxRows }
}

/** Of Describe and Close. */
export function readNamed(body: Buffer, message: 'Describe' | 'Close'): Named {
  const reader = new BodyReader(body, message)
  const kind = reader.byte()
  if (kind !== code('S') && kind !== code('P')) {
    throw malformed(`invalid ${message} message subtype ${kind}`)
  }
  const name = reader.text()
  reader.end()
  return { kind: kind === code('S') ? 'statement' : 'portal', name }
}

/** A body that is one text. */
export function readText(body: Buffer, message: string): string {
  const reader = new BodyReader(body, message)
  const text = reader.text()
  reader.end()
  return text
}

export function requireEmpty(body: Buffer, message: string): void {
  new BodyReader(body, message).end()
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the parts of one message; never beyond its end. */
export class BodyReader {
  at = 0
  readonly #body: Buffer
  readonly #message: string

  constructor(body: Buffer, message: string) {
    this.#body = body
    this.#message = message
  }

  get isAtEnd(): boolean {
    return this.at === this.#body.length
  }

  byte(): number {
    return this.take(1)[0] ?? 0
  }

  count(): number {
    return this.take(2).readUInt16BE(0)
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0)
  }

  format(): number {
    const format = this.count()
    if (format > 1) throw malformed(`unsupported format code: ${format}`)
    return format
  }

  value(): Buffer | null {
    const length = this.take(4).readInt32BE(0)
    if (length < -1) throw this.#bad()
    return length === -1 ? null : this.take(length)
  }

  /** A C string. Postgres would refuse other bytes than UTF-8 as well, but not before the gate had read them. */
  text(): string {
    const end = this.#body.indexOf(0, this.at)
    if (end < 0) throw this.#bad()
    const bytes = this.take(end - this.at)
    this.at++
    try {
      return strictUtf8.decode(bytes)
    } catch {
      throw malformed(`invalid byte sequence for encoding "UTF8" in a ${this.#message} message`)
    }
  }

  take(bytes: number): Buffer {
    const end = this.at + bytes
    if (end > this.#body.length) throw this.#bad()
    const taken = this.#body.subarray(this.at, end)
    this.at = end
    return taken
  }

  end(): void {
    if (!this.isAtEnd) throw this.#bad()
  }

  #bad(): ProxyError {
    return malformed(`invalid ${this.#message} message format`)
  }
}
