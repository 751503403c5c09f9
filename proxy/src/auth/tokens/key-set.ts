/**
 * One provider's keys, kept at hand: fetched once by however many ask, refreshed in the
 * background, kept through an outage, and never fetched more often than a stranger's tokens may cause.
 */
import type { JWK } from 'jose'
import { fetchKeys as defaultFetchKeys, type FetchKeys } from './fetch-keys'

const MINUTE = 60_000
const FRESH_MS = 5 * MINUTE
/** How long keys are still trusted when their provider cannot be reached. */
const STALE_MS = 60 * MINUTE
/** A key id that we do not know causes at most one fetch in this time. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000
/** After a failure with no keys at hand. */
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
   * The keys with this id, or all of them; none when the provider, asked again within reason, has no
   * such key.
   * @throws Error when there are no keys to be trusted at all
   */
  async find(kid: string | undefined): Promise<readonly JWK[]> {
    await this.ready()
    const known = this.#named(kid)
    if (known.length > 0 || this.#now() - this.#triedAt < UNKNOWN_KEY_COOLDOWN_MS) return known
    await this.#refresh().catch(() => undefined)
    return this.#named(kid)
  }

  /** Those at hand. */
  get all(): readonly JWK[] {
    return this.#keys ?? []
  }

  /** Whether this very key is one of those at hand, which are too young to be asked for again. */
  holds(key: JWK): boolean {
    return this.#now() - this.#fetchedAt <= FRESH_MS && this.#keys?.includes(key) === true
  }

  /** Resolves when there are keys not older than an hour. */
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

  /** Single-flight: whoever asks while a fetch is under way waits for that one. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  async #fetch(): Promise<void> {
    this.#triedAt = this.#now()
    const keys = await this.#fetchKeys(this.url)
    // An empty answer is an outage in other words: it must not lock everybody out.
    if (keys.length === 0) throw new Error(`${this.url} lists no keys`)
    this.#keys = keys
    this.#fetchedAt = this.#now()
  }
}
