/** One token bucket for each key, refilled evenly, in memory that is bounded. */
import { LruMap } from '../lru-map'

/**
 * The least recently used are dropped first. By then their buckets are full again, unless this many
 * others came within the time that a bucket takes to fill.
 */
const MAX_BUCKETS = 50_000

export type BucketSettings = {
  readonly perSecond: number
  /** The most that a bucket holds; a key that is not known has as much. */
  readonly burst: number
  /** A bucket never holds less than minus this. */
  readonly maxDebt?: number
  /** Milliseconds that never go back. */
  readonly now?: () => number
}

type Bucket = { tokens: number; at: number }

export class TokenBuckets {
  readonly #perSecond: number
  readonly #burst: number
  readonly #maxDebt: number
  readonly #now: () => number
  readonly #buckets = new LruMap<Bucket>(MAX_BUCKETS)

  constructor(settings: BucketSettings) {
    this.#perSecond = settings.perSecond
    this.#burst = settings.burst
    this.#maxDebt = settings.maxDebt ?? Number.POSITIVE_INFINITY
    this.#now = settings.now ?? (() => performance.now())
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Negative for a key in debt. */
  tokens(key: string): number {
    const bucket = this.#buckets.get(key)
    return bucket === undefined ? this.#burst : this.#refill(bucket)
  }

  /** @param amount more than there is leaves a debt; a negative one is given back */
  take(key: string, amount: number): void {
    const bucket = this.#bucketOf(key)
    bucket.tokens = Math.max(-this.#maxDebt, this.#refill(bucket) - amount)
  }

  /** Takes one token, unless there is none. */
  takeOne(key: string): boolean {
    const bucket = this.#bucketOf(key)
    if (this.#refill(bucket) < 1) return false
    bucket.tokens--
    return true
  }

  /** Milliseconds until a key has so many tokens. */
  msUntil(key: string, tokens: number): number {
    return Math.max(0, ((tokens - this.tokens(key)) / this.#perSecond) * 1000)
  }

  #bucketOf(key: string): Bucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    const bucket = { tokens: this.#burst, at: this.#now() }
    this.#buckets.set(key, bucket)
    return bucket
  }

  #refill(bucket: Bucket): number {
    const now = this.#now()
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond
    bucket.tokens = Math.min(this.#burst, refilled)
    bucket.at = now
    return bucket.tokens
  }
}
