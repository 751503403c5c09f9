/** A signed-in visitor of the app without a browser: its cookies come from Clerk's own handshake. */
import { createClerkClient } from '@clerk/backend'
import { newBrowser } from '../../dev/clerk/testing/browser'
import type { AppStack } from './app-stack'

export type Visitor = {
  readonly userId: string
  /** The current one; it lasts for a minute. */
  readonly token: () => string
  /** Gets fresh cookies. */
  readonly renew: () => Promise<void>
  /** @throws Error when the status is not 200 */
  readonly send: (path: string, init?: RequestInit) => Promise<string>
}

const MOST_REDIRECTS = 5

export async function signInVisitor({ env, appUrl }: AppStack): Promise<Visitor> {
  const { CLERK_API_URL = '', CLERK_SECRET_KEY = '' } = env.variables
  const clerk = createClerkClient({ apiUrl: CLERK_API_URL, secretKey: CLERK_SECRET_KEY })
  const user = await clerk.users.createUser({ emailAddress: ['visitor@example.com'] })
  const ticket = await clerk.signInTokens.createSignInToken({
    userId: user.id,
    expiresInSeconds: 60,
  })
  const browser = await newBrowser({ url: CLERK_API_URL })
  await browser.send('/client/sign_ins', { strategy: 'ticket', ticket: ticket.token })
  const cookies = new Map([
    ['__clerk_db_jwt', browser.devBrowser],
    ['__client_uat', '1'],
  ])

  const send = async (path: string, init: RequestInit = {}): Promise<string> => {
    let url = new URL(path, appUrl)
    for (let i = 0; i <= MOST_REDIRECTS; i++) {
      const response = await fetch(url, {
        ...init,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          'sec-fetch-dest': 'document',
          ...Object.fromEntries(new Headers(init.headers)),
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
      })
      keepCookies(cookies, response)
      const text = await response.text()
      if (response.status === 200) return text
      const location = response.headers.get('location')
      if (location === null)
        throw new Error(`${url.href} answered with ${response.status}: ${text}`)
      url = new URL(location, url)
    }
    throw new Error(`${path} leads from one redirect to the next.`)
  }
  const renew = async () => {
    // Clerk counts the redirects of the last 2 seconds, and treats a third handshake as a loop.
    for (const name of cookies.keys()) {
      if (/^__(session|clerk_redirect_count)/.test(name)) cookies.delete(name)
    }
    await send('/server')
  }
  await renew()
  return { userId: user.id, token: () => cookies.get('__session') ?? '', renew, send }
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const directive of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(directive) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
}
