/** PropelAuth's SDK in the browser: the access token, renewed before it ends, and sign-out. */
import { createClient, type IAuthClient } from '@propelauth/javascript'

let client: IAuthClient | undefined

/** Not while the page is made on the server. */
function propelAuth(): IAuthClient {
  client ??= createClient({
    authUrl: process.env.NEXT_PUBLIC_AUTH_URL ?? '',
    skipInitialFetch: true,
  })
  return client
}

/** Null when the session has ended. */
export async function currentToken(): Promise<string | null> {
  return (await propelAuth().getAuthenticationInfoOrNull())?.accessToken ?? null
}

/** In this app, which has cookies of its own, and at PropelAuth. */
export async function signOut(): Promise<void> {
  await fetch('/api/auth/logout', { method: 'POST' })
  await propelAuth().logout(false)
}
