/** Lets third parties, such as the SQL proxy, find the keys that session tokens are signed with. */
import { ok } from './reply'
import type { Handler } from './router'
import { ALGORITHM } from './signing-key'

/** @see https://openid.net/specs/openid-connect-discovery-1_0.html */
export const getConfiguration: Handler = (clerk) =>
  ok({
    issuer: clerk.url,
    jwks_uri: `${clerk.url}/.well-known/jwks.json`,
    subject_types_supported: ['public'],
    response_types_supported: ['id_token'],
    id_token_signing_alg_values_supported: [ALGORITHM],
  })

export const getJwks: Handler = (clerk) => ok(clerk.signingKey.jwks)
