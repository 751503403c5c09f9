/**
 * A cache of one provider's keys. Concurrent requests share one fetch, keys are refreshed in the
 * background and kept during an outage, and strangers' tokens cannot cause more than a few fetches.
 */
import type { JWK } from 'jose'
import { fetchKeys as defaultFetchKeys, type FetchKeys } from './fetch-keys'

const MINUTE = 60_000
const FRESH_MS = 5 * MINUTE
/** How long keys stay trusted while their provider is unreachable. */
const STALE_MS = 60 * MINUTE
/** Unknown key ids cause at most one fetch in this time. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000
/** Pause after a failure while there are no keys. */
const FAILURE_COOLDOWN_MS = 1_000

export class KeySet {
  readonly url: string
  readonly #fetchKeys: FetchKeys
  readonly #now: () => number
  #keys: readonly JWK[] | undefined
  #fetchedAt = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY
  #fetching: Promise<void> | undefined

  constructor(
    url: string,
    fetchKeys: FetchKeys = defaultFetchKeys,
    now: () => number = () => performance.now(),
  ) {
    this.url = url
    this.#fetchKeys = fetchKeys
    this.#now = now
  }

  /**
   * The keys with this id, or all keys without one. Empty when the provider has no such key, after
   * another fetch if one is due.
   * @throws Error when there are no trusted keys at all
   */
  async find(kid: string | undefined): Promise<readonly JWK[]> {
    await this.ready()
    const known = this.#named(kid)
    if (known.length > 0 || this.#now() - this.#triedAt < UNKNOWN_KEY_COOLDOWN_MS) return known
    await this.#refresh().catch(() => undefined)
    return this.#named(kid)
  }

  /** The cached keys. */
  get all(): readonly JWK[] {
    return this.#keys ?? []
  }

  /** Whether this very object is among the cached keys, and they are fresh. */
  holds(key: JWK): boolean {
    return this.#now() - this.#fetchedAt <= FRESH_MS && this.#keys?.includes(key) === true
  }

  /** Resolves when the keys are at most an hour old. */
  async ready(): Promise<void> {
    const age = this.#now() - this.#fetchedAt
    if (age <= FRESH_MS) return
    if (age <= STALE_MS) {
      if (this.#now() - this.#triedAt >= UNKNOWN_KEY_COOLDOWN_MS) {
        void this.#refresh().catch(() => undefined)
      }
      return
    }
    if (this.#fetching === undefined && this.#now() - this.#triedAt < FAILURE_COOLDOWN_MS) {
      throw new Error(`the keys at ${this.url} could not be read a moment ago`)
    }
    await this.#refresh()
  }

  #named(kid: string | undefined): readonly JWK[] {
    return this.all.filter((key) => kid === undefined || key.kid === kid)
  }

  /** Single-flight: requests during a fetch wait for that fetch. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  async #fetch(): Promise<void> {
    this.#triedAt = this.#now()
    const keys = await this.#fetchKeys(this.url)
    // An empty key set is treated as an outage, so that it does not lock all users out.
    if (keys.length === 0) throw new Error(`${this.url} lists no keys`)
    this.#keys = keys
    this.#fetchedAt = this.#now()
  }
}
