/** Verified claims, sealed so that SQL cannot forge them: kid, MAC and claims, checked by auth.session(). */
import { createHmac } from 'node:crypto'
import type { SessionKey } from './session-key'

/**
 * Seals the claims of a token whose signature has been checked.
 * @param payloadJson the token's payload exactly as it was signed
 * @returns 8 hex digits of key id, 64 of HMAC-SHA256(key, payload), and the payload, with nothing
 * in between; db/migrations/0005_cheap_identity.sql says why
 */
export function sealClaims({ kid, key }: SessionKey, payloadJson: string): string {
  return kid + createHmac('sha256', key).update(payloadJson, 'utf8').digest('hex') + payloadJson
}
