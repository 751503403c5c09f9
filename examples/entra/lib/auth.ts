/** The session of the browser that asks, by cookies that no script reads. */
import { cookies } from 'next/headers'
import { beginSignIn, endSignIn, signOut, userOf, type User } from './entra'

const SESSION = 'session'
const ATTEMPT = 'sign-in'

export async function currentUser(): Promise<User | null> {
  return userOf((await cookies()).get(SESSION)?.value ?? '')
}

/** @returns where to send the browser */
export async function leaveForEntra(isSignUp: boolean): Promise<string> {
  const { url, attempt } = await beginSignIn(isSignUp)
  const { state, nonce, verifier } = attempt
  await setCookie(ATTEMPT, [state, nonce, verifier].join('.'), { maxAge: 600 })
  return url
}

/** False for an answer of Entra that says no, or that this browser did not ask for. */
export async function returnFromEntra(answer: URLSearchParams): Promise<boolean> {
  const jar = await cookies()
  const [state = '', nonce = '', verifier = ''] = jar.get(ATTEMPT)?.value.split('.') ?? []
  jar.delete(ATTEMPT)
  const id = await endSignIn(answer, { state, nonce, verifier })
  if (id !== null) await setCookie(SESSION, id)
  return id !== null
}

/** @returns where to send the browser */
export async function leaveForGood(): Promise<string> {
  const jar = await cookies()
  const url = await signOut(jar.get(SESSION)?.value ?? '')
  jar.delete(SESSION)
  return url
}

async function setCookie(name: string, value: string, options: { maxAge?: number } = {}) {
  const secure = !process.env.APP_ORIGIN?.startsWith('http:')
  // Lax: Entra's answer comes with a navigation from another site.
  const safe = { httpOnly: true, sameSite: 'lax', secure } as const
  ;(await cookies()).set(name, value, { ...safe, ...options })
}
