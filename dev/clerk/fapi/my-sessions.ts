/** Where the signed-in user is signed in, in this browser and in others. */
import { endSession, sessionsOf } from '../browser'
import type { Clerk } from '../context'
import { notFound } from '../errors'
import { ok } from '../reply'
import { sessionJson } from '../resources/client'
import type { Handler } from '../router'
import type { Session, User } from '../state'
import { signedIn } from './me'
import { changed } from './reply'

export const listMySessions: Handler = async (clerk, request) => {
  const { user } = signedIn(clerk, request)
  const views = sessionsOf(clerk, user).map(({ session }) => mySession(clerk, session, user))
  return ok(await Promise.all(views))
}

export const revokeMySession: Handler = async (clerk, request) => {
  const { user } = signedIn(clerk, request)
  const mine = sessionsOf(clerk, user).find(({ session }) => session.id === request.params.id)
  if (!mine) throw notFound('The session')
  const view = await mySession(clerk, mine.session, user)
  endSession(clerk, mine.client)
  return changed(clerk, request, { ...view, status: 'revoked' })
}

/** Without a token, because another browser's token must not be revealed. */
async function mySession(clerk: Clerk, session: Session, user: User) {
  return {
    ...(await sessionJson(clerk, session, user, clerk.url)),
    user: null,
    last_active_token: null,
    latest_activity: {
      object: 'session_activity',
      id: session.id,
      ip_address: '127.0.0.1',
      city: 'this computer',
      is_mobile: false,
    },
  }
}
