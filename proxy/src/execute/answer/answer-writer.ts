/**
 * Writes an answer directly from Postgres' bytes, copying each byte once. While there is memory, the
 * whole answer is kept, so that an error can still replace it. After that it is streamed, and only a
 * little more than its longest value stays in memory.
 */
import { ProxyError } from '../../errors'
import type { AnswerMemory } from './answer-memory'

export type AnswerLimits = {
  readonly answerBytes: number
  readonly rows: number
  /** Shared memory for answers longer than 1 MiB. */
  readonly memory: AnswerMemory
}

/** The destination of a long answer. */
export type ResponseStream = {
  /** Takes bytes that will not change any more. Returns false when the client reads too slowly. */
  write(bytes: Buffer): boolean
  /** Calls the listener once when it can take more. */
  onceDrained(listener: () => void): void
}

/** The source of the bytes, paused while the client reads slowly. */
export type Source = { pause(): void; resume(): void }

/** Answers up to this size are always kept whole. */
const KEEP_BYTES = 1024 * 1024
const CHUNK_BYTES = 64 * 1024
/** Less than half of Buffer's pool, so that the chunk comes from the pool without an allocation. */
const FIRST_CHUNK_BYTES = 4_000
/** Up to this length, a loop is faster than a call into native code. */
const LOOP_BYTES = 48

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const ONE_QUOTE = Buffer.from('"')
/** The JSON escape of each character. */
const ESCAPES: readonly (Buffer | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const escape = JSON.stringify(String.fromCharCode(code)).slice(1, -1)
  return escape.length > 1 ? Buffer.from(escape) : undefined
})

export class AnswerWriter {
  readonly #limits: AnswerLimits
  readonly #openStream: () => ResponseStream
  readonly #source: Source
  #stream: ResponseStream | undefined
  /** Full chunks, ready to send. */
  #full: Buffer[] = []
  #chunk = Buffer.allocUnsafe(FIRST_CHUNK_BYTES)
  #at = 0
  /** Bytes in all earlier chunks, sent or not. */
  #before = 0
  /** Bytes of rows that wait to be written. */
  #waiting = 0
  #rows = 0
  #sourceHasEnded = false
  /** Bytes taken from the shared memory. */
  #taken = 0

  /** @param openStream called once, when the answer becomes too long to keep */
  constructor(limits: AnswerLimits, openStream: () => ResponseStream, source: Source) {
    this.#limits = limits
    this.#openStream = openStream
    this.#source = source
  }

  get rows(): number {
    return this.#rows
  }

  /** Whether part of the answer has been sent. */
  get hasLeft(): boolean {
    return this.#stream !== undefined
  }

  bytes(from: Uint8Array, start = 0, end = from.length): void {
    const length = end - start
    if (this.#at + length > this.#chunk.length) this.#next(length)
    if (length > LOOP_BYTES) {
      this.#chunk.set(from.subarray(start, end), this.#at)
      this.#at += length
      return
    }
    const chunk = this.#chunk
    let at = this.#at
    for (let i = start; i < end; i++) chunk[at++] = from[i] ?? 0
    this.#at = at
  }

  /** Writes UTF-8 as a JSON string, copied unchanged up to the first character that needs an escape. */
  string(from: Buffer, start: number, end: number): void {
    const length = end - start + 2
    if (this.#at + length > this.#chunk.length) this.#next(length)
    const chunk = this.#chunk
    let at = this.#at
    chunk[at++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = from[i] ?? 0
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) {
        if (end - start > LOOP_BYTES) this.text(JSON.stringify(from.toString('utf8', start, end)))
        else this.#escaped(from, start, end)
        return
      }
      chunk[at++] = byte
    }
    chunk[at++] = QUOTE
    this.#at = at
  }

  #escaped(from: Buffer, start: number, end: number): void {
    this.bytes(ONE_QUOTE)
    for (let i = start; i < end; i++) {
      const escape = ESCAPES[from[i] ?? 0]
      if (escape === undefined) this.bytes(from, i, i + 1)
      else this.bytes(escape)
    }
    this.bytes(ONE_QUOTE)
  }

  text(text: string): void {
    const length = Buffer.byteLength(text)
    if (this.#at + length > this.#chunk.length) this.#next(length)
    this.#at += this.#chunk.write(text, this.#at, 'utf8')
  }

  /**
   * Counts a row, over all statements of a batch.
   * @param waiting bytes of a row that will be written later
   * @throws ProxyError answer_too_large
   */
  countRow(waiting = 0): void {
    if (++this.#rows > this.#limits.rows) throw tooManyRows(this.#limits.rows)
    this.#waiting += waiting
    this.#countBytes()
  }

  /**
   * Counts a waiting row as written.
   * @throws ProxyError answer_too_large
   */
  countWritten(waited: number): void {
    this.#waiting -= waited
    this.#countBytes()
  }

  /** Called when all bytes have arrived. The source may serve other requests from now on. */
  sourceHasEnded(): void {
    this.#sourceHasEnded = true
  }

  /** The part of the answer that has not been streamed. */
  take(): readonly Buffer[] {
    return [...this.#full, this.#chunk.subarray(0, this.#at)]
  }

  /** Must be called once, when the answer has been sent or will not be. */
  release(): void {
    this.#limits.memory.giveBack(this.#taken)
    this.#taken = 0
  }

  #countBytes(): void {
    const { answerBytes } = this.#limits
    if (this.#before + this.#at + this.#waiting > answerBytes) throw answerTooLarge(answerBytes)
  }

  /** Starts a chunk with room for `length` more bytes. */
  #next(length: number): void {
    const full = this.#chunk.subarray(0, this.#at)
    this.#before += this.#at
    this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, length))
    this.#at = 0
    this.#full.push(full)
    if (this.#stream === undefined && !this.#mayKeep()) this.#stream = this.#openStream()
    if (this.#stream !== undefined) this.#flush(this.#stream)
  }

  #mayKeep(): boolean {
    const needed = this.#before + this.#chunk.length - KEEP_BYTES - this.#taken
    if (needed <= 0) return true
    const isThere = this.#limits.memory.take(needed)
    if (isThere) this.#taken += needed
    return isThere
  }

  #flush(stream: ResponseStream): void {
    let mayContinue = true
    for (const chunk of this.#full.splice(0)) mayContinue = stream.write(chunk)
    if (mayContinue || this.#sourceHasEnded) return
    this.#source.pause()
    stream.onceDrained(() => {
      if (!this.#sourceHasEnded) this.#source.resume()
    })
  }
}

export function answerTooLarge(maxBytes: number): ProxyError {
  return new ProxyError('answer_too_large', `response is too large (max is ${maxBytes} bytes)`, {
    code: '54000',
    severity: 'ERROR',
    hint: 'Ask for fewer rows or columns, with LIMIT for example, or raise PROXY_MAX_ANSWER_BYTES.',
  })
}

function tooManyRows(maxRows: number): ProxyError {
  return new ProxyError('answer_too_large', `response has too many rows (max is ${maxRows} rows)`, {
    code: '54000',
    severity: 'ERROR',
    hint: 'Ask for fewer rows, with LIMIT for example, or raise PROXY_MAX_ROWS.',
  })
}
