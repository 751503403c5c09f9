import assert from 'node:assert/strict'
import { NextRequest } from 'next/server'
import { proveExample, type Session } from '../testing/prove-example'
import { newVisitor } from '../testing/visitor'
import type { Credentials } from '../stand-in/users'
import example from './example'

/** The cookies that the SDK's routes set for the app. */
type Jar = Map<string, string>

const [ACCESS, REFRESH] = ['__pa_at', '__pa_rt']

proveExample(example, async ({ variables, appOrigin }) => {
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
