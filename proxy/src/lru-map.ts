/** A least-recently-used map, bounded by a count and by a total weight. */
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
    // A Map iterates in insertion order, so inserting an entry again makes it the youngest. While the
    // map is less than half full, no eviction is near and the order does not matter.
    if (this.#entries.size * 2 > this.#maxEntries || this.#weight * 2 > this.#maxWeight) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
    }
    return entry.value
  }

  /** Adds a value and returns the evicted ones. A value heavier than the whole map is not kept. */
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

  /** Removes all values and returns them. */
  clear(): V[] {
    const values = [...this.#entries.values()].map(({ value }) => value)
    this.#entries.clear()
    this.#weight = 0
    return values
  }
}
