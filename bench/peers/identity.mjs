/** Whose request it is: the token checked with `jose`, its claims sealed as this database wants them. */
import { createHash, createHmac } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { PEER_ISSUER = '', PEER_JWKS_URL = '', PEER_SESSION_KEY = '' } = process.env
const keys = createRemoteJWKSet(new URL(PEER_JWKS_URL))
const sessionKey = Buffer.from(PEER_SESSION_KEY, 'base64')
const LEEWAY_S = 30
const kid = createHash('sha256').update(sessionKey).digest('hex').slice(0, 8)

/**
 * @param {string | undefined} authorization the header
 * @returns {Promise<string>} for the setting auth.session_token
 */
export async function sessionTokenOf(authorization = '') {
  const { payload } = await jwtVerify(authorization.replace('Bearer ', ''), keys, {
    issuer: PEER_ISSUER,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'exp'],
  })
  const { exp, sub } = payload
  const length = String(Array.from(sub).length).padStart(4, '0')
  const sealed = String(exp + LEEWAY_S).padStart(11, '0') + length + sub + JSON.stringify(payload)
  return kid + createHmac('sha256', sessionKey).update(sealed).digest('hex') + sealed
}
