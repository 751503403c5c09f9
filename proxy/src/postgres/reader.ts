/** Splits the bytes from Postgres into messages. Messages that are too long are skipped, not buffered. */

/** The body is `data` from `start` to `end`, valid only during the call; `type` is a character code. */
export type OnMessage = (type: number, data: Buffer, start: number, end: number) => void

export class MessageReader {
  readonly #onMessage: OnMessage
  readonly #maxBytes: number
  readonly #onTooLong: () => void
  /** Bytes left to skip of a message that is too long. */
  #skipped = 0
  #chunks: Buffer[] = []
  #bytes = 0
  #needed = 5

  /**
   * @param maxBytes the longest message
   * @param onTooLong called at the start of a longer one
   */
  constructor(maxBytes: number, onMessage: OnMessage, onTooLong: () => void) {
    this.#maxBytes = maxBytes
    this.#onMessage = onMessage
    this.#onTooLong = onTooLong
  }

  /** @throws errors of the callbacks */
  push(bytes: Buffer): void {
    const skipped = Math.min(this.#skipped, bytes.length)
    this.#skipped -= skipped
    if (skipped === bytes.length) return
    const chunk = skipped === 0 ? bytes : bytes.subarray(skipped)
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    // Assembles a long message once, not once per chunk.
    if (this.#bytes < this.#needed) return
    const data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#bytes)
    let at = 0
    this.#needed = 5
    while (data.length - at >= 5) {
      // The length includes itself but not the type.
      const length = data.readUInt32BE(at + 1) + 1
      if (length > this.#maxBytes) {
        this.#onTooLong()
        const here = Math.min(length, data.length - at)
        this.#skipped = length - here
        at += here
        continue
      }
      if (data.length - at < length) {
        this.#needed = length
        break
      }
      this.#onMessage(data[at] ?? 0, data, at + 5, at + length)
      at += length
    }
    const rest = data.subarray(at)
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#bytes = rest.length
  }
}
