/** A client's bytes as messages. What is not handled yet is bounded: beyond that, the client has to wait. */
import type { Duplex } from 'node:stream'
import { ProxyError } from '../errors'
import { MessageReader } from '../postgres/reader'
import { malformed, type Message } from './from-client'

/** As in Postgres (MAX_STARTUP_PACKET_LENGTH). */
const MAX_STARTUP_BYTES = 10_000
/** More than the longest token, which then gets a readable refusal. */
const MAX_LOGIN_BYTES = 128 * 1024
/** With this much unhandled, reading stops, unless the rest of a message is missing. */
const ENOUGH_BYTES = 64 * 1024
/** For a client to read the last message and end its side. */
const LINGER_MS = 1_000

/**
 * Reads one packet as they are before the session begins: a length that counts itself, and no type. What
 * follows it stays in the stream.
 * @returns what stands behind the length; undefined if the client ended first
 */
export async function readStartupPacket(stream: Duplex): Promise<Buffer | undefined> {
  return readPacket(stream, 0, MAX_STARTUP_BYTES)
}

/** Reads one message of the login. What follows it stays in the stream. */
export async function readLoginMessage(stream: Duplex): Promise<Message | undefined> {
  const packet = await readPacket(stream, 1, MAX_LOGIN_BYTES)
  return packet && { type: packet[0] ?? 0, body: packet.subarray(1) }
}

/** @param head bytes before the length, which does not count them */
async function readPacket(stream: Duplex, head: number, most: number): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0)
  for (;;) {
    const chunk = await readChunk(stream)
    if (chunk === undefined) return undefined
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.length < head + 4) continue
    const length = bytes.readUInt32BE(head)
    if (length < 4 || length > most) throw malformed('invalid length of startup packet')
    const end = head + length
    if (bytes.length < end) continue
    if (bytes.length > end) stream.unshift(bytes.subarray(end))
    return Buffer.concat([bytes.subarray(0, head), bytes.subarray(head + 4, end)])
  }
}

/** @returns undefined at the end */
export function readChunk(stream: Duplex): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunk = stream.read() as Buffer | null
    if (chunk !== null || stream.destroyed || stream.readableEnded) {
      resolve(chunk ?? undefined)
      return
    }
    const events = ['readable', 'end', 'close', 'error'] as const
    const done = () => {
      for (const event of events) stream.off(event, done)
      const read = stream.read() as Buffer | null
      resolve(read ?? (stream.destroyed || stream.readableEnded ? undefined : readChunk(stream)))
    }
    for (const event of events) stream.on(event, done)
  })
}

/** Ends a connection. A client that sends more, or does not end its side, keeps nothing here. */
export function endStream(stream: Duplex, last?: Buffer): void {
  if (last !== undefined) stream.write(last)
  stream.end()
  const timer = setTimeout(() => stream.destroy(), LINGER_MS).unref()
  stream.once('close', () => {
    clearTimeout(timer)
  })
  stream.resume()
}

export class ClientStream {
  readonly #stream: Duplex
  readonly #reader: MessageReader
  readonly #queue: Message[] = []
  #bytes = 0
  #error: Error | undefined
  #isEnded = false
  #wake: (() => void) | undefined
  /** Bytes for the client, sent in one write at the end of this turn of the event loop. */
  #unsent: Buffer[] = []
  #unsentBytes = 0
  #isFull = false
  /** The client does not read what is sent. */
  onFull: () => void = () => undefined
  onDrained: () => void = () => undefined
  /** Nothing more comes from the client, or can be sent to it. */
  onGone: () => void = () => undefined

  /** @param maxBytes the longest message */
  constructor(stream: Duplex, maxBytes: number) {
    this.#stream = stream
    this.#reader = new MessageReader(
      maxBytes,
      (type, data, start, end) => {
        if (end < start) throw malformed('invalid message length')
        this.#queue.push({ type, body: data.subarray(start, end) })
        this.#bytes += end - start
      },
      () => {
        throw tooLong(maxBytes)
      },
    )
    stream.on('data', (chunk: Buffer) => {
      this.#read(chunk)
    })
    stream.on('drain', () => {
      this.#isFull = false
      this.onDrained()
    })
    stream.on('error', () => undefined)
    for (const event of ['end', 'close'] as const) {
      stream.on(event, () => {
        if (this.#isEnded) return
        this.#isEnded = true
        this.#wakeUp()
        this.onGone()
      })
    }
    if (stream.destroyed || stream.readableEnded) this.#isEnded = true
    else stream.resume()
  }

  /** The client does not read what is sent. */
  get isFull(): boolean {
    return this.#isFull
  }

  get isGone(): boolean {
    return this.#isEnded
  }

  /**
   * @returns the next message; undefined when the client has gone
   * @throws ProxyError protocol_violation, message_too_large
   */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const message = this.#queue.shift()
      if (message !== undefined) {
        this.#bytes -= message.body.length
        if (this.#bytes < ENOUGH_BYTES) this.#stream.resume()
        return message
      }
      if (this.#error !== undefined) throw this.#error
      if (this.#isEnded) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  write(bytes: Buffer): void {
    if (this.#unsent.push(bytes) === 1) setImmediate(this.#flush)
    this.#unsentBytes += bytes.length
    if (this.#unsentBytes > ENOUGH_BYTES) this.#flush()
  }

  /** Sends what was written, and ends the connection. */
  end(): void {
    this.#flush()
    endStream(this.#stream)
  }

  destroy(): void {
    this.#stream.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#error !== undefined) return
    try {
      this.#reader.push(chunk)
    } catch (error) {
      this.#error = error instanceof Error ? error : malformed('unreadable message')
    }
    if (this.#bytes >= ENOUGH_BYTES) this.#stream.pause()
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  readonly #flush = (): void => {
    if (this.#unsent.length === 0) return
    const [only] = this.#unsent
    const bytes = this.#unsent.length === 1 && only ? only : Buffer.concat(this.#unsent)
    this.#unsent = []
    this.#unsentBytes = 0
    if (this.#stream.destroyed || this.#stream.writableEnded) return
    if (this.#stream.write(bytes) || this.#isFull) return
    this.#isFull = true
    this.onFull()
  }
}

/** SQLSTATE 54000, program_limit_exceeded. */
function tooLong(maxBytes: number): ProxyError {
  return new ProxyError('body_too_large', `message is too large (max is ${maxBytes} bytes)`, {
    code: '54000',
    severity: 'FATAL',
  })
}
