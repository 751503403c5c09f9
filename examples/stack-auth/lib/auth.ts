/** Stack Auth's SDK on the server: it signs people in and out, keeps their session in cookies, and renews its token. */
import { setImmediate } from 'node:timers/promises'
import { StackServerApp } from '@stackframe/stack'

let app: StackServerApp | undefined

/** Not while the app is built, when there are no secrets. */
function stack(): StackServerApp {
  app ??= new StackServerApp({
    projectId: process.env.NEXT_PUBLIC_STACK_PROJECT_ID,
    publishableClientKey: process.env.NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY,
    secretServerKey: process.env.STACK_SECRET_SERVER_KEY,
    baseUrl: process.env.NEXT_PUBLIC_STACK_API_URL,
    tokenStore: 'nextjs-cookie',
    redirectMethod: 'none',
  })
  return app
}

export type Credentials = { email: string; password: string }

/** Null for a visitor, and for a session that has ended. */
export async function currentUser(): Promise<{ email: string; token: string } | null> {
  const user = await stack().getUser()
  const token = await user?.getAccessToken()
  return user && token ? { email: user.primaryEmail ?? '', token } : null
}

/** @returns why not, as a sentence for the user */
export async function signIn(credentials: Credentials): Promise<string | undefined> {
  const result = await stack().signInWithCredential({ ...credentials, noRedirect: true })
  await cookiesAreSet()
  return result.status === 'error' ? result.error.message : undefined
}

/** @returns why not, as a sentence for the user */
export async function signUp(credentials: Credentials): Promise<string | undefined> {
  const result = await stack().signUpWithCredential({
    ...{ ...credentials, noRedirect: true, noVerificationCallback: true },
  })
  await cookiesAreSet()
  return result.status === 'error' ? result.error.message : undefined
}

export async function signOut(): Promise<void> {
  await stack().signOut()
  await cookiesAreSet()
}

/** The SDK does not wait for its cookies: they are set before the next turn of the event loop, but after its promise. */
const cookiesAreSet = () => setImmediate()
