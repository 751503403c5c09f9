import assert from 'node:assert/strict'
import { NextRequest, NextResponse } from 'next/server'
import { proveExample } from '../testing/prove-example'
import { newVisitor, type Visitor } from '../testing/visitor'
import example from './example'

/** The browser’s side of Auth0’s SDK: cookies, as its routes set them. */
type Jar = Map<string, string>

proveExample(example, async ({ variables, appOrigin }) => {
  Object.assign(
    process.env,
    variables,
    example.app.variables?.({ origin: appOrigin, secret: 'a'.repeat(64) }),
  )
  const { auth0 } = await import('./lib/auth')

  const requestOf = (jar: Jar, path: string) => {
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ')
    return new NextRequest(new URL(path, appOrigin), { headers: { cookie } })
  }
  const keep = (jar: Jar, response: Response) => {
    for (const header of response.headers.getSetCookie()) {
      const [name = '', value = ''] = header.split(';')[0]?.split(/=(.*)/s) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
  }
  /** A route of the app: gives the address that it leads to. */
  const visit = async (jar: Jar, path: string) => {
    const response = await auth0.middleware(requestOf(jar, path))
    keep(jar, response)
    const location = response.headers.get('location')
    assert.ok(location, `${path.split('?')[0] ?? ''} answered ${response.status}`)
    return location
  }
  const token = async (jar: Jar, options: { refresh?: boolean } = {}) => {
    const response = NextResponse.next()
    const answer = await auth0.getAccessToken(requestOf(jar, '/'), response, options)
    keep(jar, response)
    return answer.token
  }

  const enter = async (logIn: (visitor: Visitor, page: string) => Promise<URL>, hint = '') => {
    const [jar, visitor]: [Jar, Visitor] = [new Map(), newVisitor()]
    const back = await logIn(visitor, await visit(jar, `/auth/login${hint}`))
    await visit(jar, back.pathname + back.search)
    let [current, former] = [jar, jar]
    return {
      token: () => token(jar),
      refresh: async () => {
        former = new Map(jar)
        await token(current, { refresh: true })
      },
      replay: () => token(former, { refresh: true }),
      signOut: async () => {
        // The cookie is gone afterwards. A copy of it must not help, either.
        current = new Map(jar)
        await visitor.visit(await visit(jar, '/auth/logout'))
      },
    }
  }
  return {
    signIn: (who) => enter((visitor, page) => visitor.logIn(page, who)),
    signUp: (who) =>
      enter((visitor, page) => visitor.logIn(page, who, 'sign-up'), '?screen_hint=signup'),
  }
})
