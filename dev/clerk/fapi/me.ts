/** The signed-in user's own profile: name and password. */
import { z } from 'zod'
import { endSession, requireClient, requireSession, sessionsOf } from '../browser'
import type { Clerk } from '../context'
import { formError, signedOut } from '../errors'
import { passwordMatches } from '../password'
import { parseFields, type ClerkRequest } from '../request'
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
    for (const other of sessionsOf(clerk, user)) {
      if (other.session.id !== session.id) endSession(clerk, other.client)
    }
  }
  clerk.store.save()
  return changed(clerk, request, userJson(user))
}

/** Whose profile it is: clerk-js names the session beside every such request. */
export function signedIn(clerk: Clerk, request: ClerkRequest) {
  const client = requireClient(clerk, request)
  const id = request.query.get('_clerk_session_id') ?? client.session?.id
  if (id === undefined) throw signedOut()
  return requireSession(clerk, client, id)
}
