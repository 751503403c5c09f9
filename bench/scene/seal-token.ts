/** Seals the claims of a token as the proxy does, once it has verified it. */
import { sealClaims } from '../../proxy/identity'
import { parseSessionKey } from '../../proxy/session-key'

/** @param sessionKey base64 */
export function sealToken(sessionKey: string, token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return sealClaims(parseSessionKey(sessionKey), payload)
}
