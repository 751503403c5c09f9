/** Which browser is signed in at the stand-in itself, by an HttpOnly cookie; forgotten with a restart. */
import { randomBytes } from 'node:crypto'
import type { User } from './state'

export type Browsers = {
  readonly userOf: (request: Request) => User | undefined
  /** @returns the value of a Set-Cookie header */
  readonly signIn: (user: User) => string
  /** @returns the value of a Set-Cookie header */
  readonly signOut: (request: Request) => string
}

/** @param cookie its name: cookies of localhost are the same on each port */
export function openBrowsers(cookie: string, userById: (id: string) => User | undefined): Browsers {
  const open = new Map<string, string>()
  const setCookie = (value: string, rest = '') =>
    `${cookie}=${value}; Path=/; HttpOnly; SameSite=Lax${rest}`
  const find = (request: Request) => cookieOf(request, cookie) ?? ''
  return {
    userOf: (request) => userById(open.get(find(request)) ?? ''),
    signIn: (user) => {
      const value = randomBytes(24).toString('base64url')
      open.set(value, user.id)
      return setCookie(value)
    },
    signOut: (request) => {
      open.delete(find(request))
      return setCookie('', '; Max-Age=0')
    },
  }
}

export function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(/; */)
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
