/** Cuts the bytes from Postgres into messages, and refuses one that is too long before it is read. */

/** A message's body is `data` from `start` to `end`, for as long as the call lasts; `type` is its letter's code. */
export type OnMessage = (type: number, data: Buffer, start: number, end: number) => void

export class MessageReader {
  readonly #onMessage: OnMessage
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #bytes = 0
  #needed = 5

  /** @param maxBytes of one message */
  constructor(maxBytes: number, onMessage: OnMessage) {
    this.#maxBytes = maxBytes
    this.#onMessage = onMessage
  }

  /** @throws RangeError when a message is announced that is longer than allowed */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    // A long message is put together once, not once per chunk.
    if (this.#bytes < this.#needed) return
    const data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#bytes)
    let at = 0
    this.#needed = 5
    while (data.length - at >= 5) {
      // The length counts itself and not the type.
      const length = data.readUInt32BE(at + 1) + 1
      if (length > this.#maxBytes) throw new RangeError('the message is too long')
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
