/** Verified claims, sealed so that SQL cannot forge them: `kid.claims.mac`, checked by auth.session(). */
import { createHmac } from 'node:crypto'
import type { SessionKey } from './session-key'

/**
 * Seals the claims of a token whose signature has been checked.
 * @param payloadJson the token's payload exactly as it was signed
 * @returns `kid.base64url(payload).base64url(HMAC-SHA256(key, "kid.base64url(payload)"))`
 */
export function sealClaims(sessionKey: SessionKey, payloadJson: string): string {
  const signed = `${sessionKey.kid}.${Buffer.from(payloadJson, 'utf8').toString('base64url')}`
  const mac = createHmac('sha256', sessionKey.key).update(signed, 'utf8').digest('base64url')
  return `${signed}.${mac}`
}
