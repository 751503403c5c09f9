/**
 * Stytch: signs people in and out with a password. The browser keeps the session's token in a cookie that no script
 * reads; the JWT for SQL is asked for with each request, so it never leaves the backend, and never grows old.
 */
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { Client, StytchError } from 'stytch'

const COOKIE = 'stytch_session'
const SESSION_MINUTES = 7 * 24 * 60

export type Credentials = { email: string; password: string }

let client: Client | undefined

/** Not while the app is built, when there are no secrets. */
function stytch(): Client {
  client ??= new Client({
    project_id: process.env.STYTCH_PROJECT_ID ?? '',
    secret: process.env.STYTCH_SECRET ?? '',
    env: process.env.STYTCH_ENV ?? '',
  })
  return client
}

/** Null for a visitor, and for a session that has ended. */
export const currentUser = cache(async () => {
  const session_token = (await cookies()).get(COOKIE)?.value
  if (!session_token) return null
  try {
    const { user, session_jwt } = await stytch().sessions.authenticate({ session_token })
    return { email: user.emails[0]?.email ?? '', token: session_jwt }
  } catch (error) {
    if (isRefusal(error) && error.status_code === 404) return null
    throw error
  }
})

/** @returns why not, as a sentence for the user */
export async function signIn(credentials: Credentials): Promise<string | undefined> {
  try {
    await begin(stytch().passwords.authenticate(withSession(credentials)))
  } catch (error) {
    if (!isRefusal(error)) throw error
    // Stytch tells an unknown address from a wrong password; a stranger need not know.
    return 'That address or that password is wrong.'
  }
}

/** @returns why not, as a sentence for the user */
export async function signUp(credentials: Credentials): Promise<string | undefined> {
  try {
    await begin(stytch().passwords.create(withSession(credentials)))
  } catch (error) {
    if (!isRefusal(error)) throw error
    return error.error_message
  }
}

export async function signOut(): Promise<void> {
  const session_token = (await cookies()).get(COOKIE)?.value
  if (!session_token) return
  await stytch().sessions.revoke({ session_token })
  ;(await cookies()).delete(COOKIE)
}

const withSession = (credentials: Credentials) => ({
  ...credentials,
  session_duration_minutes: SESSION_MINUTES,
})

async function begin(signedIn: Promise<{ session_token: string }>) {
  const { session_token } = await signedIn
  const isHttps = (await headers()).get('x-forwarded-proto') === 'https'
  ;(await cookies()).set(COOKIE, session_token, {
    ...{ httpOnly: true, sameSite: 'lax', secure: isHttps, maxAge: SESSION_MINUTES * 60 },
  })
}

/** What Stytch says about the request of a user, and not about this app or itself. */
function isRefusal(error: unknown): error is StytchError {
  return error instanceof StytchError && error.status_code < 500
}
