/** A map that forgets what was used longest ago, bounded by a count and by a total weight. */
export class LruMap<V> {
  readonly #entries = new Map<string, { value: V; weight: number }>()
  readonly #maxEntries: number
  readonly #maxWeight: number
  #weight = 0

  constructor(maxEntries: number, maxWeight = Number.POSITIVE_INFINITY) {
    this.#maxEntries = maxEntries
    this.#maxWeight = maxWeight
  }

  get size(): number {
    return this.#entries.size
  }

  get weight(): number {
    return this.#weight
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    // A Map iterates in order of insertion, so putting it back makes it the youngest. While there
    // is room for as much again, nothing has to go soon and the order need not be kept.
    if (this.#entries.size * 2 > this.#maxEntries || this.#weight * 2 > this.#maxWeight) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
    }
    return entry.value
  }

  /** Adds a value and returns those that had to go; a value heavier than the whole map is not kept. */
  set(key: string, value: V, weight = 1): V[] {
    this.delete(key)
    if (weight > this.#maxWeight) return []
    this.#entries.set(key, { value, weight })
    this.#weight += weight
    const evicted: V[] = []
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#maxEntries && this.#weight <= this.#maxWeight) break
      evicted.push(entry.value)
      this.delete(oldest)
    }
    return evicted
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }

  /** Forgets everything, and returns what that was. */
  clear(): V[] {
    const values = [...this.#entries.values()].map(({ value }) => value)
    this.#entries.clear()
    this.#weight = 0
    return values
  }
}
