import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NextRequest } from 'next/server'
import { proveExample, type SdkPlace, type Session } from '../testing/prove-example'
import { newVisitor } from '../testing/visitor'
import { DEMO_USERS, type Credentials } from '../stand-in/users'
import example from './example'

/** The cookies that the SDK's routes set for the app. */
type Jar = Map<string, string>

const [ACCESS, REFRESH] = ['__pa_at', '__pa_rt']

let place: SdkPlace<'PROPELAUTH_API_KEY'>

proveExample(example, async (given) => {
  place = given
  const { variables, appOrigin } = given
  Object.assign(process.env, variables, example.app.variables?.({ origin: appOrigin, secret: '' }))
  const { authMiddleware, getRouteHandlers } = await import('@propelauth/nextjs/server/app-router')
  const { getRouteHandlerAsync, postRouteHandlerAsync } = getRouteHandlers()

  const ask = async (
    jar: Jar,
    path: string,
    answer: (request: NextRequest) => Promise<Response>,
  ) => {
    const cookie = Array.from(jar, (pair) => pair.join('=')).join('; ')
    const response = await answer(
      new NextRequest(new URL(path, appOrigin), { headers: { cookie } }),
    )
    for (const header of response.headers.getSetCookie()) {
      const [name = '', value = ''] = header.split(';')[0]?.split(/=(.*)/s) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response.headers.get('location') ?? ''
  }
  const visit = (jar: Jar, slug: string, search = '') =>
    ask(jar, `/api/auth/${slug}${search}`, (request) =>
      getRouteHandlerAsync(request, { params: Promise.resolve({ slug }) }),
    )

  const enter = async (
    credentials: Credentials,
    intent: 'sign-in' | 'sign-up',
  ): Promise<Session> => {
    const jar: Jar = new Map()
    const page = await visit(jar, intent === 'sign-in' ? 'login' : 'signup')
    const { search } = await newVisitor().logIn(page, credentials, intent)
    await visit(jar, 'callback', search)
    let refreshToken = jar.get(REFRESH) ?? ''
    return {
      token: () => Promise.resolve(jar.get(ACCESS) ?? ''),
      refresh: async () => {
        // As when the token has expired.
        jar.delete(ACCESS)
        jar.set(REFRESH, refreshToken)
        await ask(jar, '/', authMiddleware)
        assert.ok(jar.has(ACCESS), 'the session is not renewed')
      },
      signOut: async () => {
        refreshToken = jar.get(REFRESH) ?? ''
        await ask(jar, '/api/auth/logout', (request) =>
          postRouteHandlerAsync(request, { params: Promise.resolve({ slug: 'logout' }) }),
        )
        assert.deepEqual(Array.from(jar.keys()), ['__pa_state'])
      },
    }
  }
  return {
    signIn: (credentials) => enter(credentials, 'sign-in'),
    signUp: (credentials) => enter(credentials, 'sign-up'),
  }
})

const pageFor = (redirectUri: string) =>
  `${place.origin}/propelauth/ssr/authorize?${new URLSearchParams({ redirect_uri: redirectUri, state: 's' }).toString()}`

test('PropelAuth: a code goes to the app alone, and gets tokens once, for the one with the API key', async () => {
  const redirect_uri = `${place.appOrigin}/api/auth/callback`
  const visitor = newVisitor()
  assert.equal((await visitor.visit(pageFor('https://evil.example/'))).status, 400)
  const redeem = async (code: string | null, key: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    const body = JSON.stringify({ code, redirect_uri })
    const url = `${place.origin}/propelauth/ssr/token`
    return (await fetch(url, { method: 'POST', headers, body })).status
  }
  const { searchParams } = await visitor.logIn(pageFor(redirect_uri), DEMO_USERS.alice)
  const [code, key] = [searchParams.get('code'), place.variables.PROPELAUTH_API_KEY]
  assert.equal(await redeem(code, 'not the key'), 401)
  assert.equal(await redeem(code, key), 200)
  assert.equal(await redeem(code, key), 400)
})

test('PropelAuth: a browser gets tokens by the login page’s cookie, until it signs out', async () => {
  const visitor = newVisitor()
  const token = () => visitor.visit(`${place.origin}/api/v1/refresh_token`)
  assert.equal((await token()).status, 401)
  await visitor.logIn(pageFor(`${place.appOrigin}/`), DEMO_USERS.alice)
  assert.equal((await token()).status, 200)
  await visitor.visit(`${place.origin}/api/v1/logout`, { method: 'POST' })
  assert.equal((await token()).status, 401)
})
