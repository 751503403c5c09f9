/** How many requests a user or an address may send: a token bucket each, refilled evenly. */
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
  /** Told of every request that was let through. */
  onTake: (key: string, count: number) => void = () => undefined

  /**
   * @param perSecond 0 for no limit; the burst is one second's worth, at least one request
   * @param now milliseconds that never go back
   */
  constructor(perSecond: number, now?: () => number) {
    this.#isOff = perSecond === 0
    const burst = Math.max(1, perSecond)
    this.#buckets = new TokenBuckets({ perSecond, burst, ...(now ? { now } : {}) })
  }

  get size(): number {
    return this.#buckets.size
  }

  /** @throws RateLimited; a refused request is not counted */
  take(key: string): void {
    if (this.#isOff) return
    if (!this.#buckets.takeOne(key)) throw new RateLimited(this.#buckets.msUntil(key, 1))
    this.onTake(key, 1)
  }

  /** Counts requests without refusing any: too many leave the bucket in debt. */
  count(key: string, count: number): void {
    if (this.#isOff) return
    this.#buckets.take(key, count)
    this.onTake(key, count)
  }

  /** Counts what another process let through. */
  spendElsewhere(key: string, count: number): void {
    if (!this.#isOff) this.#buckets.take(key, count)
  }
}
