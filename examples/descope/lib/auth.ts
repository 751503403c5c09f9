/** Descope's SDK in the browser: it signs people in and out, keeps their session, and renews its token. */
import createSdk from '@descope/web-js-sdk'

const sdk = createSdk({
  projectId: process.env.NEXT_PUBLIC_DESCOPE_PROJECT_ID ?? '',
  baseUrl: process.env.NEXT_PUBLIC_DESCOPE_BASE_URL,
  persistTokens: true,
  autoRefresh: true,
})

export type Credentials = { email: string; password: string }

/** Null for a visitor, and for a session that has ended. */
export async function currentUser(): Promise<{ email: string } | null> {
  if (!sdk.getRefreshToken()) return null
  const { data } = await sdk.me()
  return data ? { email: data.email ?? '' } : null
}

/** For SQL: a new one once it has expired; null when the session has ended. */
export async function currentToken(): Promise<string | null> {
  const token = sdk.getSessionToken()
  if (token && !sdk.isJwtExpired(token)) return token
  const { data } = await sdk.refresh()
  return data?.sessionJwt ?? null
}

/** @returns why not, as a sentence for the user */
export async function signIn({ email, password }: Credentials): Promise<string | undefined> {
  return (await sdk.password.signIn(email, password)).error?.errorDescription
}

/** @returns why not, as a sentence for the user */
export async function signUp({ email, password }: Credentials): Promise<string | undefined> {
  return (await sdk.password.signUp(email, password)).error?.errorDescription
}

export async function signOut(): Promise<void> {
  await sdk.logout()
}
