/** Cookies of handshakes that the app has yet to fetch: each once, and within a few seconds. */
import { randomBytes } from 'node:crypto'

/** A redirect on this machine takes far less. */
export const HANDSHAKE_SECONDS = 10

type Pending = { directives: readonly string[]; expireAt: number }

export class Handshakes {
  readonly #pending = new Map<string, Pending>()
  readonly #now: () => number

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now
  }

  /** @returns the nonce that fetches these cookies */
  keep(directives: readonly string[]): string {
    for (const [nonce, { expireAt }] of this.#pending) {
      if (expireAt <= this.#now()) this.#pending.delete(nonce)
    }
    const nonce = randomBytes(32).toString('base64url')
    this.#pending.set(nonce, { directives, expireAt: this.#now() + HANDSHAKE_SECONDS * 1000 })
    return nonce
  }

  /** @returns nothing when the nonce is unknown, used or expired */
  take(nonce: string): readonly string[] {
    const found = this.#pending.get(nonce)
    this.#pending.delete(nonce)
    return found !== undefined && found.expireAt > this.#now() ? found.directives : []
  }
}
