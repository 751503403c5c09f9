/** The key that seals identities: at least 32 bytes, with an id that reveals nothing about it. */
import { createHash } from 'node:crypto'

export type SessionKey = {
  /** The first 8 hex digits of the key's SHA-256. Several keys can be valid during a rotation. */
  readonly kid: string
  readonly key: Buffer
}

const MIN_BYTES = 32

/**
 * Parses a key in base64 (standard or URL alphabet, with or without padding).
 * @throws Error with one sentence that never repeats the value.
 */
export function parseSessionKey(base64: string): SessionKey {
  const text = base64.trim()
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    throw new Error('the session key is not base64')
  }
  const key = Buffer.from(text, 'base64')
  if (key.length < MIN_BYTES) {
    throw new Error(`the session key has ${key.length} bytes and needs ${MIN_BYTES}`)
  }
  return { kid: createHash('sha256').update(key).digest('hex').slice(0, 8), key }
}
