/** Batches lines into few writes, each small enough that other writers to the same pipe cannot split it. */

/** Writes of up to PIPE_BUF bytes are atomic (POSIX, write(2)): 4,096 on Linux, at least 512 anywhere. */
const MOST_BYTES = process.platform === 'linux' ? 4096 : 512

export class LineWriter {
  readonly #write: (text: string, done: () => void) => void
  /** Each holds whole lines; the last one may still grow. */
  readonly #pieces: string[] = []
  #lastBytes = 0
  #isWriting = false

  /** @param write calls back when it is ready for more; until then, further lines are combined */
  constructor(write: (text: string, done: () => void) => void) {
    this.#write = write
  }

  /** Lines of one turn of the event loop are written together: a write each took a tenth of a request. */
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

  /** Writes everything immediately, for a process that is about to end. */
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
