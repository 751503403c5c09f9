/** A browser without a window, for contract tests: it keeps cookies, follows redirects, and fills in a stand-in's page. */
import assert from 'node:assert/strict'
import type { Credentials } from '../stand-in/users'

export type Visitor = {
  /** Follows redirects within the origin of `url`; the answer is that of the last, which may lead elsewhere. */
  readonly visit: (url: string, init?: RequestInit) => Promise<Response>
  /** Signs in, or up, on the page at `url`; gives the address in the app that the stand-in sends the browser back to. */
  readonly logIn: (url: string, credentials: Credentials, intent?: Intent) => Promise<URL>
}

type Intent = 'sign-in' | 'sign-up'

export function newVisitor(): Visitor {
  const cookies = new Map<string, string>()

  const visit: Visitor['visit'] = async (url, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('cookie', Array.from(cookies, (pair) => pair.join('=')).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';')[0]?.split(/=(.*)/s) ?? []
      if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const to = new URL(response.headers.get('location') ?? url, url)
    const isWithin = response.headers.has('location') && to.origin === new URL(url).origin
    return isWithin ? visit(to.href) : response
  }

  return {
    visit,
    logIn: async (url, credentials, intent = 'sign-in') => {
      const body = new URLSearchParams({ ...credentials, intent })
      const response = await visit(url, { method: 'POST', body })
      const location = response.headers.get('location')
      assert.ok(
        location,
        `the stand-in’s page answered ${response.status}: ${await response.text()}`,
      )
      return new URL(location)
    },
  }
}
