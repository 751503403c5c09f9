/** A cache of verified tokens. An entry is valid only while everything that decided about it is unchanged. */
import type { JWK } from 'jose'
import { LruMap } from '../../lru-map'
import { isTimely } from './claims'
import type { Provider, Providers } from './providers'
import type { Revocations } from './revocations'
import type { VerifiedToken } from './verified-token'

/** Verifying an RS256 signature is the largest single cost of a request: 60 to 100 µs of one core. */
type Remembered = {
  readonly verified: VerifiedToken
  /** As written in the token. */
  readonly iss: string
  readonly provider: Provider
  readonly key: JWK
  readonly revocations: Revocations
}

const MAX_TOKENS = 20_000
const MAX_CHARACTERS = 32 * 1024 * 1024

export class TokenCache {
  readonly #tokens = new LruMap<Remembered>(MAX_TOKENS, MAX_CHARACTERS)

  keep(token: string, remembered: Remembered): void {
    const { payloadJson } = remembered.verified
    this.#tokens.set(token, remembered, token.length + payloadJson.length)
  }

  /**
   * @param now seconds since 1970
   * @returns undefined when the token must be verified
   */
  find(
    token: string,
    providers: Pick<Providers, 'find'>,
    revocations: Revocations,
    now: number,
  ): VerifiedToken | undefined {
    const known = this.#tokens.get(token)
    if (known === undefined) return undefined
    const isUnchanged =
      // A different object means that the provider was removed or changed.
      providers.find(known.iss) === known.provider &&
      // The key was fetched again, was withdrawn, or is too old to be used without a refresh.
      known.provider.keys.holds(known.key) &&
      known.revocations === revocations &&
      isTimely(known.verified, now)
    if (isUnchanged) return known.verified
    this.#tokens.delete(token)
    return undefined
  }
}
