/** Bounds the memory of all answers that are kept whole until they have been sent. */
export class AnswerMemory {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** Returns false when there is not enough left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#left += bytes
  }
}
