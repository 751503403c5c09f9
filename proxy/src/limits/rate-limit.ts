/** Limits the requests of each user or address with a token bucket. */
import { Throttled } from './throttled'
import { TokenBuckets } from './token-buckets'

export class RateLimited extends Throttled {
  constructor(ms: number) {
    super('rate_limited', 'too many requests in a short time', ms)
  }
}

export class RateLimit {
  readonly #buckets: TokenBuckets
  readonly #isOff: boolean
  /** Called for every request that was let through. */
  onTake: (key: string, count: number) => void = () => undefined

  /**
   * @param perSecond 0 for no limit; the burst is one second's worth, but at least one request
   * @param now a monotonic clock in milliseconds
   */
  constructor(perSecond: number, now?: () => number) {
    this.#isOff = perSecond === 0
    const burst = Math.max(1, perSecond)
    this.#buckets = new TokenBuckets({ perSecond, burst, ...(now ? { now } : {}) })
  }

  get size(): number {
    return this.#buckets.size
  }

  /** @throws RateLimited; refused requests do not count */
  take(key: string): void {
    if (this.#isOff) return
    if (!this.#buckets.takeOne(key)) throw new RateLimited(this.#buckets.msUntil(key, 1))
    this.onTake(key, 1)
  }

  /** Counts requests without refusing them; the bucket can go into debt. */
  count(key: string, count: number): void {
    if (this.#isOff) return
    this.#buckets.take(key, count)
    this.onTake(key, count)
  }

  /** Counts a request that another process let through. */
  spendElsewhere(key: string, count: number): void {
    if (!this.#isOff) this.#buckets.take(key, count)
  }
}
