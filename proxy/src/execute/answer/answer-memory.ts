/** Memory for answers that are kept whole until they have been sent, bounded over the whole process. */
export class AnswerMemory {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** False when there is not enough left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#left += bytes
  }
}
