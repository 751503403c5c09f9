/** Google's own library: sends people to Google's page, and gets the id token that the SQL proxy takes. */
import {
  CodeChallengeMethod,
  OAuth2Client,
  type Credentials,
  type OAuth2ClientOptions,
} from 'google-auth-library'
import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'

export type Session = Credentials

// Set by the stand-in only.
const base = process.env.GOOGLE_BASE_URL
const secret = process.env.GOOGLE_CLIENT_SECRET ?? ''

const options: OAuth2ClientOptions = {
  clientId: process.env.GOOGLE_CLIENT_ID ?? '',
  clientSecret: secret,
  redirectUri: `http://localhost:${process.env.PORT ?? 3000}/callback`,
  ...(base === undefined
    ? {}
    : {
        endpoints: {
          oauth2AuthBaseUrl: `${base}/o/oauth2/v2/auth`,
          oauth2TokenUrl: `${base}/token`,
          oauth2RevokeUrl: `${base}/revoke`,
        },
      }),
}
const client = new OAuth2Client(options)

/** Known to this server alone, and another for each attempt. */
const verifierOf = (state: string) =>
  createHash('sha256').update(`${secret}.${state}`).digest('base64url')

export function redirect(state: string): Promise<string> {
  return Promise.resolve(
    client.generateAuthUrl({
      ...{ access_type: 'offline', scope: 'openid email', state },
      // Google gives a refresh token when people consent.
      prompt: 'consent',
      code_challenge_method: CodeChallengeMethod.S256,
      code_challenge: createHash('sha256').update(verifierOf(state)).digest('base64url'),
    }),
  )
}

export async function callback(state: string, query: URLSearchParams): Promise<Session> {
  const code = query.get('code') ?? ''
  return (await client.getToken({ code, codeVerifier: verifierOf(state) })).tokens
}

/** It came from Google's own server, over TLS, so nothing here has to verify it. The SQL proxy does. */
export function userOf({ id_token }: Session) {
  const token = id_token ?? ''
  return { email: String(decodeJwt(token).email), token }
}

export async function fresh(session: Session): Promise<Session> {
  const { exp = 0 } = decodeJwt(session.id_token ?? '')
  return exp - 5 > Date.now() / 1000 ? session : refresh(session)
}

export async function refresh({ refresh_token }: Session): Promise<Session> {
  const renewal = new OAuth2Client(options)
  renewal.setCredentials({ refresh_token: refresh_token ?? null })
  return (await renewal.refreshAccessToken()).credentials
}

/** Takes back what people consented to: without that, the refresh token would still count. */
export async function signOut({ refresh_token }: Session) {
  if (refresh_token) await client.revokeToken(refresh_token)
}
