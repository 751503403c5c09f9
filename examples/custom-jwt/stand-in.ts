/**
 * A login server of one's own, in place of a provider; for a laptop only. It signs each token for one audience, and
 * publishes its public key: nothing more is needed for tokens that the SQL proxy takes.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import type { Handler } from '../stand-in/server'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

const credentials = z.object({ email: z.string(), password: z.string() })
const renewal = z.object({ refreshToken: z.string() })

const skin: Skin<'AUTH_URL'> = {
  name: 'your own login server',
  algorithm: 'ES256',
  tokenSeconds: 300,
  newUserId: randomUUID,
  variables: ({ origin }) => ({ AUTH_URL: origin }),
  routes: (core) => {
    const signIn: Handler = async (request) =>
      answer(
        core,
        core.sessions.open(await core.users.signIn(await parseFields(request, credentials))),
      )
    const signUp: Handler = async (request) =>
      answer(
        core,
        core.sessions.open(await core.users.signUp(await parseFields(request, credentials))),
      )
    const refresh: Handler = async (request) =>
      answer(core, core.sessions.refresh((await parseFields(request, renewal)).refreshToken))
    const signOut: Handler = async (request) => {
      const { refreshToken } = await parseFields(request, renewal)
      const opened = core.sessions.find(refreshToken)
      if (opened) core.sessions.end(opened.session.id)
      return new Response(null, { status: 204 })
    }
    return {
      'POST /sign-in': signIn,
      'POST /sign-up': signUp,
      'POST /refresh': refresh,
      'POST /sign-out': signOut,
      'GET /.well-known/jwks.json': () => Response.json(core.keys.jwks),
    }
  },
}

async function answer(core: Core, { user, session, refreshToken }: Opened): Promise<Response> {
  const claims = {
    iss: core.origin,
    aud: 'todos',
    sub: user.id,
    sid: session.id,
    email: user.email,
  }
  return Response.json({ token: await core.keys.sign(claims), refreshToken })
}

export const startAuthServer = (options: StandInOptions) => startStandIn(skin, options)
