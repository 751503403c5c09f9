/** The signed-in user's own profile: name, password, and where they are signed in. */
import { z } from 'zod'
import { activeSession, requireClient, requireSession } from '../browser'
import type { Clerk } from '../context'
import { formError, signedOut } from '../errors'
import { passwordMatches } from '../password'
import { ok } from '../reply'
import { parseFields, type ClerkRequest } from '../request'
import { sessionJson } from '../resources/client'
import { userJson } from '../resources/user'
import type { Handler } from '../router'
import { hashNewPassword, personName } from '../users'
import { changed, read } from './reply'

export const getMe: Handler = (clerk, request) => read(userJson(signedIn(clerk, request).user))

const profileFields = z.object({
  first_name: personName.optional(),
  last_name: personName.optional(),
})

export const updateMe: Handler = (clerk, request) => {
  const { user } = signedIn(clerk, request)
  const given = parseFields(profileFields, request.body)
  if (given.first_name !== undefined) user.firstName = given.first_name
  if (given.last_name !== undefined) user.lastName = given.last_name
  user.updatedAt = clerk.now()
  clerk.store.save()
  return changed(clerk, request, userJson(user))
}

const passwordFields = z.object({
  current_password: z.string().optional(),
  new_password: z.string(),
  sign_out_of_other_sessions: z.string().optional(),
})

export const changePassword: Handler = async (clerk, request) => {
  const { session, user } = signedIn(clerk, request)
  const given = parseFields(passwordFields, request.body)
  const { passwordHash } = user
  const isTheirs =
    passwordHash === null || (await passwordMatches(given.current_password ?? '', passwordHash))
  if (!isTheirs) {
    throw formError('form_password_incorrect', 'Password is incorrect.', 'current_password')
  }
  user.passwordHash = await hashNewPassword(given.new_password, 'new_password')
  user.updatedAt = clerk.now()
  if (given.sign_out_of_other_sessions === 'true') {
    for (const client of clerk.store.clients.values()) {
      const other = client.session
      if (other?.userId === user.id && other.id !== session.id) client.session = null
    }
  }
  clerk.store.save()
  return changed(clerk, request, userJson(user))
}

/** In every browser. */
export const listMySessions: Handler = async (clerk, request) => {
  const { user } = signedIn(clerk, request)
  const sessions = [...clerk.store.clients.values()]
    .map((client) => activeSession(clerk, client))
    .filter((active) => active?.user.id === user.id)
  return ok(
    await Promise.all(
      sessions.flatMap((active) =>
        active
          ? [
              sessionJson(clerk, active.session, user, request.pageOrigin).then((view) => ({
                ...view,
                // Another browser's token is not this one's to have.
                user: null,
                last_active_token: null,
                latest_activity: { object: 'session_activity', id: active.session.id },
              })),
            ]
          : [],
      ),
    ),
  )
}

/** Whose profile it is: clerk-js names the session beside every such request. */
function signedIn(clerk: Clerk, request: ClerkRequest) {
  const client = requireClient(clerk, request)
  const id = request.query.get('_clerk_session_id') ?? client.session?.id
  if (id === undefined) throw signedOut()
  return requireSession(clerk, client, id)
}
