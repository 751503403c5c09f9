/** Lets other requests have their turn between two pieces of work that block the event loop. */
import { setImmediate } from 'node:timers/promises'

/** Some milliseconds of parsing. */
const BYTES_PER_TURN = 16 * 1024

export class Turns {
  #last: Promise<void> = Promise.resolve()
  #spent = 0

  /** Resolves when it is one's turn, in the order of asking. */
  take(bytes: number): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#spent += bytes
      if (this.#spent <= BYTES_PER_TURN) return
      this.#spent = 0
      await setImmediate()
    })
    return this.#last
  }
}
