/** Sessions of the login server: signs people in and out, and renews a token that is about to end. */
import { decodeJwt } from 'jose'

export type Session = { readonly token: string; readonly refreshToken: string }

/** @throws Error with the login server's sentence */
async function ask(path: string, body: object): Promise<Session> {
  const response = await fetch(`${process.env.AUTH_URL ?? ''}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Session & { error_description?: string }
  if (!response.ok) throw new Error(answer.error_description)
  return answer
}

export const signIn = (email: string, password: string) => ask('/sign-in', { email, password })
export const signUp = (email: string, password: string) => ask('/sign-up', { email, password })
export const refresh = ({ refreshToken }: Session) => ask('/refresh', { refreshToken })

export function userOf({ token }: Session) {
  return { email: String(decodeJwt(token).email), token }
}

/** A session whose token is good for some seconds more. */
export async function fresh(session: Session): Promise<Session> {
  const { exp = 0 } = decodeJwt(session.token)
  return exp - 5 > Date.now() / 1000 ? session : refresh(session)
}

export async function signOut({ refreshToken }: Session): Promise<void> {
  await fetch(`${process.env.AUTH_URL ?? ''}/sign-out`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken }),
  })
}
