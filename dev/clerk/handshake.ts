/** The handshake: a page whose cookies are stale is sent here, and goes back to get fresh ones. */
import { activeSession, findBrowser, newClient } from './browser'
import { clearNonce, cookieDirectives, nonceCookie } from './cookies'
import { loopbackUrl } from './origin'
import { ok } from './reply'
import type { Handler } from './router'
import { mintSessionToken } from './session-token'

/**
 * Redirects to the page of the app that `redirect_url` names.
 *
 * No URL contains credentials, because it could be copied to another browser. The requesting browser, which
 * its cookie identifies, gets a nonce in another cookie, and the app's server exchanges the nonce for
 * the session's cookies.
 * @see https://clerk.com/docs/guides/how-clerk-works/overview#handshake
 */
export const handshake: Handler = async (clerk, request) => {
  const { pathname, search } = loopbackUrl(request.query.get('redirect_url') ?? '')
  const client = findBrowser(clerk, request) ?? newClient(clerk)
  const active = activeSession(clerk, client)
  const directives = cookieDirectives(
    {
      devBrowser: client.devBrowser,
      sessionToken: active ? await mintSessionToken(clerk, active, clerk.appOrigin) : null,
      signedInAt: Math.floor(client.updatedAt / 1000),
    },
    clerk.publishableKey,
  )
  return {
    status: 307,
    headers: {
      // The path is appended to the origin as text: "//evil.example" must not become a host.
      location: `${clerk.appOrigin}${pathname}${search}`,
      'set-cookie': nonceCookie(clerk.handshakes.keep(directives)),
    },
  }
}

/** The cookies of a handshake, for the app's server. The nonce's own cookie ends in any case. */
export const getHandshakePayload: Handler = (clerk, request) =>
  ok({ directives: [...clerk.handshakes.take(request.query.get('nonce') ?? ''), clearNonce] })
