/** How often somebody may ask: a token bucket each, refilled evenly, in memory that is bounded. */
import { ProxyError } from './errors'
import { LruMap } from './lru'

/** Somebody asked too often; `seconds` from now they may ask again. */
export class RateLimited extends ProxyError {
  readonly seconds: number

  constructor(seconds: number) {
    super('rate_limited', 'too many requests in a short time', {
      hint: `Wait ${seconds} s, then try again.`,
    })
    this.seconds = seconds
  }
}

/**
 * Those who asked longest ago are forgotten first. By then their buckets are full again, unless
 * this many others asked within a second; a flood from more addresses than that has no address.
 */
const MAX_BUCKETS = 50_000

type Bucket = { tokens: number; at: number }

export class RateLimit {
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number
  readonly #buckets = new LruMap<Bucket>(MAX_BUCKETS)
  /** Told of every request that was let through. */
  onTake: (key: string) => void = () => undefined

  /**
   * @param perSecond 0 for no limit; the burst is one second's worth, at least one request
   * @param now milliseconds that never go back
   */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond
    this.#burst = Math.max(1, perSecond)
    this.#now = now
  }

  get size(): number {
    return this.#buckets.size
  }

  /** @throws RateLimited, which costs the one who asked nothing */
  take(key: string): void {
    if (this.#perSecond === 0) return
    const bucket = this.#refilled(key)
    if (bucket.tokens < 1) {
      throw new RateLimited(Math.max(1, Math.ceil((1 - bucket.tokens) / this.#perSecond)))
    }
    bucket.tokens--
    this.onTake(key)
  }

  /** Counts what was let through elsewhere; where that was too much, the bucket is in debt. */
  spend(key: string, count: number): void {
    if (this.#perSecond > 0) this.#refilled(key).tokens -= count
  }

  #refilled(key: string): Bucket {
    const now = this.#now()
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now }
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond
    bucket.tokens = Math.min(this.#burst, refilled)
    bucket.at = now
    this.#buckets.set(key, bucket)
    return bucket
  }
}

export type Rates = { readonly user: RateLimit; readonly address: RateLimit }
