/** The page of a stand-in where people sign in and sign up, in place of the provider's own. */
import { readFileSync } from 'node:fs'
import { parseFields } from './fields'
import { Refusal } from './refusal'
import type { Handler, Routes } from './server'
import type { Core } from './stand-in'
import type { User } from './state'
import { z } from 'zod'

export type LoginPage = {
  /** @throws Refusal for a request that must not get as far as the page */
  readonly check: (request: Request) => void
  /** Answers the request of a person who is signed in, such as with a redirect and a code. */
  readonly proceed: (request: Request, user: User) => Response | Promise<Response>
  /** Answers a request that asks not to see the page, and whose person is not signed in (OIDC's prompt=none). */
  readonly refuseSilently?: (request: Request) => Response
}

const fields = z.object({
  email: z.string(),
  password: z.string(),
  intent: z.enum(['sign-in', 'sign-up']),
})

const STYLES = readFileSync(new URL('../todos/todos.css', import.meta.url), 'utf8')

/**
 * GET and POST of the page at `path`. `?prompt=login` shows it to those who are signed in, too, and
 * `?screen_hint=sign-up` (or `signup`) begins with the form of new users.
 */
export function loginRoutes(
  core: Core,
  path: `/${string}`,
  { check, proceed, refuseSilently }: LoginPage,
): Routes {
  const show: Handler = async (request) => {
    check(request)
    const { searchParams } = new URL(request.url)
    const prompt = searchParams.get('prompt')
    const user = prompt === 'login' ? undefined : core.browsers.userOf(request)
    if (user) return proceed(request, user)
    if (prompt === 'none' && refuseSilently) return refuseSilently(request)
    return page(core, request)
  }
  const submit: Handler = async (request) => {
    check(request)
    const { intent, ...credentials } = await parseFields(request, fields)
    try {
      const user =
        intent === 'sign-up'
          ? await core.users.signUp(credentials)
          : await core.users.signIn(credentials)
      const response = await proceed(request, user)
      // `Response.redirect` makes headers that cannot be changed.
      const headers = new Headers(response.headers)
      headers.append('set-cookie', core.browsers.signIn(user))
      // After a POST, 302 would do as well, but only 303 says GET.
      return new Response(response.body, {
        status: response.status === 302 ? 303 : response.status,
        headers,
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return page(core, request, { message: error.message, email: credentials.email })
    }
  }
  return { [`GET ${path}`]: show, [`POST ${path}`]: submit }
}

/** @param failure of an attempt before */
function page(
  { name, appOrigin }: Core,
  request: Request,
  failure?: { message: string; email: string },
): Response {
  const other = new URL(request.url)
  const isSignUp = /^sign-?up$/.test(other.searchParams.get('screen_hint') ?? '')
  other.searchParams.set('screen_hint', isSignUp ? 'sign-in' : 'sign-up')
  const [doing, instead] = isSignUp ? ['Sign up', 'Sign in'] : ['Sign in', 'Sign up']
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${doing} · ${escape(name)}, on this laptop</title>
<style>${STYLES}</style>
<main>
<h1>${doing}</h1>
<p>This page stands in for ${escape(name)}, on this laptop only.</p>
${failure ? `<p role="alert">${escape(failure.message)}</p>` : ''}
<form method="post">
<label>Email <input name="email" type="email" autocomplete="username" required value="${escape(failure?.email ?? '')}"></label>
<label>Password <input name="password" type="password" autocomplete="${isSignUp ? 'new' : 'current'}-password" required></label>
<button name="intent" value="${isSignUp ? 'sign-up' : 'sign-in'}">${doing}</button>
</form>
<p><a href="${escape(other.search)}">${instead}</a></p>
</main>
</html>
`
  return new Response(html, {
    status: failure ? 422 : 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${appOrigin}; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
      // With “no-referrer”, browsers send the page's own form as of the origin “null”, which the server refuses.
      'referrer-policy': 'same-origin',
    },
  })
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
