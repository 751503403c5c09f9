/** Lines leave in few writes, none of which another process' write to the same pipe can tear apart. */

/** A write no longer than PIPE_BUF is atomic (POSIX, write(2)): 4,096 bytes on Linux, anywhere 512. */
const MOST_BYTES = process.platform === 'linux' ? 4096 : 512

export class LineWriter {
  readonly #write: (text: string, done: () => void) => void
  /** Whole lines each; the last one may grow yet. */
  readonly #pieces: string[] = []
  #lastBytes = 0
  #isWriting = false

  /** @param write writes, and calls back when it may be given more: two waiting writes become one */
  constructor(write: (text: string, done: () => void) => void) {
    this.#write = write
  }

  /** Lines of the same turn of the event loop go together: a write each took a tenth of a request. */
  add(line: string): void {
    const bytes = Buffer.byteLength(line)
    const last = this.#pieces.at(-1)
    if (last !== undefined && this.#lastBytes + bytes <= MOST_BYTES) {
      this.#pieces[this.#pieces.length - 1] = last + line
      this.#lastBytes += bytes
    } else {
      this.#pieces.push(line)
      this.#lastBytes = bytes
    }
    if (this.#isWriting) return
    this.#isWriting = true
    setImmediate(() => {
      this.#next()
    })
  }

  /** Writes all that is left, without waiting: for a process that ends. */
  flush(): void {
    for (const piece of this.#pieces.splice(0)) this.#write(piece, () => undefined)
  }

  #next(): void {
    const piece = this.#pieces.shift()
    if (piece === undefined) {
      this.#isWriting = false
      return
    }
    this.#write(piece, () => {
      this.#next()
    })
  }
}
