/** The handshake: a page whose cookies are stale is sent here, and goes back with fresh ones. */
import { SignJWT } from 'jose'
import { activeSession, findClient, newClient } from './browser'
import type { Clerk } from './context'
import { cookieDirectives } from './cookies'
import { loopbackUrl } from './origin'
import type { Handler } from './router'
import { mintSessionToken } from './session-token'
import { ALGORITHM } from './signing-key'

/**
 * Redirects to `redirect_url`, which has to be on this machine, since what it carries signs in.
 * @see https://clerk.com/docs/guides/how-clerk-works/overview#handshake
 */
export const handshake: Handler = async (clerk, request) => {
  const page = loopbackUrl(request.query.get('redirect_url') ?? '')
  const client = findClient(clerk, request) ?? newClient(clerk)
  const active = activeSession(clerk, client)
  const directives = cookieDirectives(
    {
      devBrowser: client.devBrowser,
      sessionToken: active ? await mintSessionToken(clerk, active.session, page.origin) : null,
      signedInAt: Math.floor(client.updatedAt / 1000),
    },
    clerk.publishableKey,
  )
  page.searchParams.set('__clerk_handshake', await sign(clerk, directives))
  return { status: 307, headers: { location: page.href } }
}

/** Carries no subject, issuer or expiry: nobody can take it for a session token. */
function sign(clerk: Clerk, directives: string[]): Promise<string> {
  return new SignJWT({ handshake: directives })
    .setProtectedHeader({ alg: ALGORITHM, kid: clerk.signingKey.kid, typ: 'JWT' })
    .sign(clerk.signingKey.privateKey)
}
