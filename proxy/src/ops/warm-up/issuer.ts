/** A token issuer for the warm-up only. Its key never leaves this process, and only the warm-up trusts it. */
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { parseProviders } from '../../auth/tokens/parse-providers'
import { Providers } from '../../auth/tokens/providers'

export type OwnIssuer = {
  readonly providers: Providers
  /** A new token each time, for a user without rows. */
  readonly token: () => Promise<string>
}

const ALGORITHM = 'ES256'
const ISSUER = 'https://warm-up.invalid'

export async function createOwnIssuer(): Promise<OwnIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM)
  const kid = randomUUID()
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' }
  const config = [{ preset: 'custom', issuer: ISSUER, jwks: { keys: [jwk] } }]
  return {
    providers: new Providers(parseProviders(JSON.stringify(config))),
    token: () =>
      new SignJWT({ sid: randomUUID() })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setIssuer(ISSUER)
        .setSubject(`warm-up ${randomUUID()}`)
        .setExpirationTime('1 minute')
        .sign(privateKey),
  }
}
