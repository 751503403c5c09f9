/** SuperTokens’ SDK for Node, as the app sets it up, asked over its HTTP API as the SDK for browsers does it. */
import assert from 'node:assert/strict'
import { getAppDirRequestHandler } from 'supertokens-node/nextjs'
import Session from 'supertokens-node/recipe/session'
import { proveExample, type Sdk } from '../testing/prove-example'
import { initAuth } from './api/auth'
import example from './example'

type Cookies = ReadonlyMap<string, string>

proveExample(example, ({ variables, appOrigin }) => {
  Object.assign(process.env, variables)
  initAuth()
  const handle = getAppDirRequestHandler()

  /** @returns the browser's cookies after it */
  async function post(path: string, body: object, cookies: Cookies = new Map()) {
    const headers = new Headers({
      ...{ 'content-type': 'application/json', rid: 'emailpassword', 'st-auth-mode': 'cookie' },
      cookie: Array.from(cookies, (pair) => pair.join('=')).join('; '),
    })
    const url = `${appOrigin}/auth${path}`
    const response = await handle(
      new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }),
    )
    const { status } = (await response.clone().json()) as { status?: string }
    if (status !== 'OK' && path !== '/session/refresh') assert.fail(await response.text())
    assert.equal(response.status, 200)
    const set = response.headers.getSetCookie().map((cookie): [string, string] => {
      const [name = '', value = ''] = cookie.split(';')[0]?.split(/=(.*)/s) ?? []
      return [name, value]
    })
    return new Map([...cookies, ...set])
  }

  const enter =
    (path: '/signin' | '/signup'): Sdk['signIn'] =>
    async ({ email, password }) => {
      const formFields = Object.entries({ email, password }).map(([id, value]) => ({ id, value }))
      let cookies = await post(path, { formFields })
      let former = cookies
      const renew = (kept: Cookies) => post('/session/refresh', {}, kept)
      return {
        token: async () => {
          const token = decodeURIComponent(cookies.get('sAccessToken') ?? '')
          return (await Session.getSessionWithoutRequestResponse(token)).getAccessToken()
        },
        refresh: async () => {
          former = cookies
          cookies = await renew(cookies)
        },
        replay: () => renew(former),
        // A copy of the cookies stays behind.
        signOut: async () => void (await post('/signout', {}, cookies)),
      }
    }

  return { signIn: enter('/signin'), signUp: enter('/signup') }
})
