/** A semaphore with a bounded queue. */
import type { Cancellation } from '../cancellation'

export class Semaphore {
  #free: number
  readonly #line = new Set<() => void>()
  readonly #maxLine: number
  readonly #full: () => Error

  /** @param full creates the error for a full queue */
  constructor(places: number, maxLine: number, full: () => Error) {
    this.#free = places
    this.#maxLine = maxLine
    this.#full = full
  }

  /** Waits for a place, which must be given back. Rejects with the cancellation's reason. */
  async take(cancellation: Cancellation): Promise<void> {
    cancellation.throwIfCancelled()
    if (this.#free > 0) {
      this.#free--
      return
    }
    if (this.#line.size >= this.#maxLine) throw this.#full()
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        cancellation.unlisten(leave)
        resolve()
      }
      const leave = (reason: Error) => {
        this.#line.delete(enter)
        reject(reason)
      }
      cancellation.listen(leave)
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
