/** A number of places, and a bounded line in front of them. */
export class Slots {
  #free: number
  readonly #line = new Set<() => void>()
  readonly #maxLine: number
  readonly #full: () => Error

  /** @param full what is thrown when the line is as long as it may be */
  constructor(places: number, maxLine: number, full: () => Error) {
    this.#free = places
    this.#maxLine = maxLine
    this.#full = full
  }

  /** Waits for a place, which must be given back; rejects when told to by the signal. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return
    }
    if (this.#line.size >= this.#maxLine) throw this.#full()
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#line.delete(enter)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#line.add(enter)
    })
  }

  give(): void {
    const [next] = this.#line
    if (next === undefined) {
      this.#free++
      return
    }
    this.#line.delete(next)
    next()
  }
}
