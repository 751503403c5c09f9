/** How many of something each key has; a key without any takes no memory. */
export class Counts<K> {
  readonly #counts = new Map<K, number>()

  of(key: K): number {
    return this.#counts.get(key) ?? 0
  }

  /** @param by a negative number takes away, and never leaves less than none */
  add(key: K, by: number): void {
    const count = this.of(key) + by
    if (count <= 0) this.#counts.delete(key)
    else this.#counts.set(key, count)
  }
}
