/** Tokens verified before: one is believed again only while all that decided about it is unchanged. */
import type { JWK } from 'jose'
import { LruMap } from '../../lru-map'
import { isTimely } from './claims'
import type { Provider, Providers } from './providers'
import type { Revocations } from './revocations'
import type { VerifiedToken } from './verified-token'

/** Checking an RS256 signature is the largest single cost of a request: 60 to 100 µs of one core. */
type Remembered = {
  readonly verified: VerifiedToken
  /** As the token spells it. */
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
   * @returns undefined when the token has to be verified, anew or for the first time
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
      // Another object: taken out, or given other rules.
      providers.find(known.iss) === known.provider &&
      // Another object: read anew, withdrawn, or too old to be trusted without asking.
      known.provider.keys.holds(known.key) &&
      known.revocations === revocations &&
      isTimely(known.verified, now)
    if (isUnchanged) return known.verified
    this.#tokens.delete(token)
    return undefined
  }
}
