/** Seals the claims of a token as the proxy does, once it has verified it. */
import { sealClaims } from '../../proxy/src/auth/seal'
import { parseSessionKey } from '../../proxy/src/auth/session-key'

/** @param sessionKey base64 */
export function sealToken(sessionKey: string, token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return sealClaims(parseSessionKey(sessionKey), payload)
}
