/**
 * Microsoft Entra External ID, or Azure AD B2C, by MSAL. Each session has a client of its own, and with it a cache of its
 * own, so that none is given another's token. Sessions are in memory: they end with the server.
 */
import { randomBytes } from 'node:crypto'
import {
  AuthError,
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  ServerError,
  type AccountInfo,
} from '@azure/msal-node'

/** What the browser keeps while its person is at Entra. */
export type Attempt = { state: string; nonce: string; verifier: string }
export type User = { email: string; token: string }

type Session = { client: ConfidentialClientApplication; account: AccountInfo }

// On the global object: Next loads this module once for pages, and once more for routes.
const shared: { entraSessions?: Map<string, Session> } = globalThis as object
const sessions = (shared.entraSessions ??= new Map<string, Session>())

const random = () => randomBytes(32).toString('base64url')
const env = (name: string) => process.env[name] ?? ''
const request = () => ({
  scopes: [env('ENTRA_SCOPE')],
  redirectUri: `${env('APP_ORIGIN')}/callback`,
})

async function open() {
  const url = env('ENTRA_METADATA_URL')
  const response = await fetch(url)
  if (!response.ok) throw new Error(`Entra answered ${response.status} for its metadata`)
  const authorityMetadata = await response.text()
  // Its name: the addresses are those of the metadata.
  const authority = url.replace(/^http:/, 'https:').replace(/\/v2\.0\/\.well-known\/.*/, '')
  const auth = {
    ...{ clientId: env('ENTRA_CLIENT_ID'), clientSecret: env('ENTRA_CLIENT_SECRET') },
    ...{ authority, knownAuthorities: [new URL(url).host], authorityMetadata },
  }
  const metadata = JSON.parse(authorityMetadata) as { end_session_endpoint: string }
  return { client: new ConfidentialClientApplication({ auth }), metadata }
}

/** @returns where to send the browser, and what it must bring back */
export async function beginSignIn(isSignUp: boolean): Promise<{ url: string; attempt: Attempt }> {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const [state, nonce] = [random(), random()]
  const { client } = await open()
  const url = await client.getAuthCodeUrl({
    ...{ ...request(), state, nonce, codeChallenge: challenge, codeChallengeMethod: 'S256' },
    ...(isSignUp ? { prompt: 'create' } : {}),
  })
  return { url, attempt: { state, nonce, verifier } }
}

/** @returns the new session's id, which only its browser may know; null if Entra says no, or was not asked by it */
export async function endSignIn(
  answer: URLSearchParams,
  { state, nonce, verifier }: Attempt,
): Promise<string | null> {
  const code = answer.get('code')
  if (code === null || state === '' || answer.get('state') !== state) return null
  const { client } = await open()
  try {
    const { account } = await client.acquireTokenByCode({
      ...{ ...request(), code, nonce, codeVerifier: verifier },
    })
    if (!account) return null
    const id = random()
    sessions.set(id, { client, account })
    return id
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    console.error(`Entra let nobody in: ${error.errorCode}`)
    return null
  }
}

/** Null for a session that has ended, here or at Entra. MSAL renews a token five minutes before its end. */
export async function userOf(id: string, forceRefresh = false): Promise<User | null> {
  const session = sessions.get(id)
  if (!session) return null
  const { client, account } = session
  try {
    const { accessToken } = await client.acquireTokenSilent({ ...request(), account, forceRefresh })
    return { email: account.username, token: accessToken }
  } catch (error) {
    const isOver = error instanceof ServerError || error instanceof InteractionRequiredAuthError
    if (!isOver) throw error
    sessions.delete(id)
    return null
  }
}

/** @returns where to send the browser, so that Entra forgets the person, too */
export async function signOut(id: string): Promise<string> {
  const hint = sessions.get(id)?.account.idToken
  sessions.delete(id)
  const url = new URL((await open()).metadata.end_session_endpoint)
  url.searchParams.set('post_logout_redirect_uri', env('APP_ORIGIN'))
  if (hint !== undefined) url.searchParams.set('id_token_hint', hint)
  return url.href
}
