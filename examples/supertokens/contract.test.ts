/** SuperTokens’ SDK for Node, as the app sets it up, asked over its HTTP API as the SDK for browsers does it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getAppDirRequestHandler } from 'supertokens-node/nextjs'
import Session from 'supertokens-node/recipe/session'
import { proveExample, type Sdk, type SdkPlace } from '../testing/prove-example'
import { initAuth } from './api/auth'
import example from './example'

type Cookies = ReadonlyMap<string, string>

let place: SdkPlace<'SUPERTOKENS_CONNECTION_URI' | 'SUPERTOKENS_API_KEY' | 'API_DOMAIN'>

proveExample(example, (given) => {
  place = given
  const { variables, appOrigin } = given
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

test('SuperTokens: the core answers the app’s key only, and issues tokens of the app’s issuer only', async () => {
  const { SUPERTOKENS_CONNECTION_URI: core, SUPERTOKENS_API_KEY: key } = place.variables
  const headers = { 'api-key': key, 'content-type': 'application/json' }
  const byEmail = `${core}/public/users/by-accountinfo?email=alice@example.com`
  const found = (await (await fetch(byEmail, { headers })).json()) as { users: { id: string }[] }
  const userId = found.users[0]?.id ?? assert.fail('no alice')
  for (const stranger of [{}, { 'api-key': 'another' }]) {
    assert.equal((await fetch(byEmail, { headers: stranger })).status, 401)
  }

  const session = { useDynamicSigningKey: true, enableAntiCsrf: false, userId }
  const open = async (userDataInJWT: object, fields = {}) => {
    const body = JSON.stringify({ ...session, ...fields, userDataInJWT })
    return (await fetch(`${core}/public/recipe/session`, { method: 'POST', headers, body })).status
  }
  const iss = `${place.appOrigin}/auth`
  assert.equal(await open({ iss }), 200)
  assert.equal(await open({ iss: 'https://evil.example/auth' }), 400)
  assert.equal(await open({ iss, sub: 'another' }), 400)
  assert.equal(await open({ iss }, { userId: 'another' }), 400)
})
