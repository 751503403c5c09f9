/** AuthKit’s hook and helpers, called as SvelteKit calls them for requests of a browser. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestEvent } from '@sveltejs/kit'
import { authKit, authKitHandle, type AuthKitAuth } from '@workos/authkit-sveltekit'
import { challengeOf } from '../stand-in/codes'
import { DEMO_USERS } from '../stand-in/users'
import { proveExample, type SdkPlace, type Session } from '../testing/prove-example'
import { newVisitor } from '../testing/visitor'
import example from './example'

type Cookies = Map<string, string>
type Page = (event: RequestEvent) => Promise<Response>

let place: SdkPlace<'WORKOS_CLIENT_ID' | 'WORKOS_API_KEY'>

proveExample(example, (given) => {
  place = given
  const { variables, appOrigin } = given
  Object.assign(
    process.env,
    variables,
    example.app.variables?.({ origin: appOrigin, secret: 'f'.repeat(64) }),
  )
  const handle = authKitHandle()

  /** A request of a browser that has these cookies, and gets the answer's. */
  async function visit(cookies: Cookies, path: string, page: Page) {
    const url = new URL(path, appOrigin)
    const locals: { auth?: AuthKitAuth } = {}
    const cookie = Array.from(cookies, (pair) => pair.join('=')).join('; ')
    const keep = (name: string, value: string) => cookies.set(name, encodeURIComponent(value))
    // What AuthKit reads of it.
    const event: unknown = {
      ...{ url, locals, cookies: { set: keep } },
      request: new Request(url, { headers: { cookie } }),
    }
    const response = await handle({ event: event as RequestEvent, resolve: page })
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split(/=(.*)/s) ?? []
      cookies.set(name, value)
    }
    return { response, auth: locals.auth }
  }

  const sessionOf = (cookies: Cookies): Session => {
    let former = new Map(cookies)
    /** The hook renews what has expired. Before that, only what is meant for another organization does: here, for none. */
    const renew = (kept: Cookies) =>
      visit(kept, '/', (event) => authKit.switchOrganization(event, { organizationId: '' }))
    return {
      token: async () => {
        const { auth } = await visit(cookies, '/', () => Promise.resolve(new Response()))
        return auth?.accessToken ?? assert.fail('signed out')
      },
      refresh: async () => {
        former = new Map(cookies)
        await renew(cookies)
      },
      replay: () => renew(former),
      signOut: async () => {
        // A copy of the cookie stays behind: WorkOS must have ended the session, too.
        const { response } = await visit(new Map(cookies), '/sign-out', authKit.signOut)
        assert.match(response.headers.getSetCookie().join(), /^wos-session=;.*Max-Age=0/)
        const left = await newVisitor().visit(response.headers.get('location') ?? '')
        assert.equal(left.headers.get('location'), appOrigin)
      },
    }
  }

  const enter =
    (urlOf: () => Promise<string>, intent: 'sign-in' | 'sign-up') =>
    async (credentials: { email: string; password: string }) => {
      const cookies: Cookies = new Map()
      const { response } = await visit(cookies, `/${intent}`, async () => {
        return new Response(null, { status: 302, headers: { location: await urlOf() } })
      })
      const page = response.headers.get('location') ?? ''
      const back = await newVisitor().logIn(page, credentials, intent)
      const landed = await visit(cookies, back.pathname + back.search, (event) =>
        authKit.handleCallback()(event),
      )
      assert.equal(landed.response.headers.get('location'), '/')
      return sessionOf(cookies)
    }

  return {
    signIn: enter(() => authKit.getSignInUrl(), 'sign-in'),
    signUp: enter(() => authKit.getSignUpUrl(), 'sign-up'),
  }
})

/** The hosted page, as AuthKit sends a browser there; the secret of a code is its verifier. */
function pageFor({ verifier = 'hers', back = '/callback' } = {}) {
  const url = new URL('/user_management/authorize', place.origin)
  const query = {
    ...{ client_id: place.variables.WORKOS_CLIENT_ID, response_type: 'code', provider: 'authkit' },
    ...{ redirect_uri: new URL(back, place.appOrigin).href, state: 'state' },
    ...{ code_challenge: challengeOf(verifier), code_challenge_method: 'S256' },
  }
  url.search = new URLSearchParams(query).toString()
  return url.href
}

const newCode = async () =>
  (await newVisitor().logIn(pageFor(), DEMO_USERS.alice)).searchParams.get('code')

async function authenticate(fields: object) {
  const { WORKOS_CLIENT_ID: client_id, WORKOS_API_KEY: client_secret } = place.variables
  const body = JSON.stringify({ client_id, client_secret, ...fields })
  const headers = { 'content-type': 'application/json' }
  const url = `${place.origin}/user_management/authenticate`
  return (await fetch(url, { method: 'POST', headers, body })).status
}

test('WorkOS: a code is good once, for the app’s key and with its own verifier', async () => {
  const grant = async (fields: object) =>
    authenticate({
      ...{ grant_type: 'authorization_code', code: await newCode(), code_verifier: 'hers' },
      ...fields,
    })
  const code = await newCode()
  assert.equal(await grant({ code }), 200)
  assert.equal(await grant({ code }), 400)
  assert.equal(await grant({ code_verifier: 'his' }), 400)
  assert.equal(await grant({ code_verifier: undefined }), 400)
  assert.equal(await grant({ client_secret: 'sk_another' }), 401)
})

test('WorkOS: a code is sent to the app only', async () => {
  for (const back of ['https://evil.example/callback', 'http://localhost:1/callback']) {
    const answer = await newVisitor().visit(pageFor({ back }))
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
  }
})
