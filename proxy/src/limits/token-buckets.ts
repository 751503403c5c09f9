/** A token bucket for each key, in bounded memory. */
import { LruMap } from '../lru-map'

/**
 * The least recently used bucket is dropped first. By then it is full again, unless this many other keys
 * were used within the time that a bucket takes to fill.
 */
const MAX_BUCKETS = 50_000

export type BucketSettings = {
  readonly perSecond: number
  /** The capacity, with which a new bucket starts. */
  readonly burst: number
  /** The largest debt. */
  readonly maxDebt?: number
  /** A monotonic clock in milliseconds. */
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

  /** @param amount may exceed the tokens, which leaves a debt; negative to refund */
  take(key: string, amount: number): void {
    const bucket = this.#bucketOf(key)
    bucket.tokens = Math.max(-this.#maxDebt, this.#refill(bucket) - amount)
  }

  /** Takes one token if there is one. */
  takeOne(key: string): boolean {
    const bucket = this.#bucketOf(key)
    if (this.#refill(bucket) < 1) return false
    bucket.tokens--
    return true
  }

  /** Milliseconds until a key has this many tokens. */
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
