/** Verifying the address of a user who signed up without a code: invitations wait for that. */
import { z } from 'zod'
import type { Clerk } from '../context'
import { assertEmailCode } from '../email-code'
import { notFound } from '../errors'
import { parseFields, type ClerkRequest } from '../request'
import { emailAddressId, emailAddressJson } from '../resources/user'
import type { Handler } from '../router'
import type { User } from '../state'
import { signedIn } from './me'
import { changed } from './reply'

/** Would send the e-mail; the code is always the test code. */
export const prepareEmailVerification: Handler = (clerk, request) => {
  const user = requested(clerk, request)
  parseFields(z.object({ strategy: z.literal('email_code') }), request.body)
  user.emailCodeSent = true
  clerk.store.save()
  return changed(clerk, request, emailAddressJson(user))
}

export const attemptEmailVerification: Handler = (clerk, request) => {
  const user = requested(clerk, request)
  assertEmailCode(user, parseFields(z.object({ code: z.string() }), request.body).code)
  Object.assign(user, { emailVerified: true, emailCodeSent: false, updatedAt: clerk.now() })
  clerk.store.save()
  return changed(clerk, request, emailAddressJson(user))
}

/** The signed-in user, whose address the request names. */
function requested(clerk: Clerk, request: ClerkRequest): User {
  const { user } = signedIn(clerk, request)
  if (request.params.id !== emailAddressId(user)) throw notFound('The e-mail address')
  return user
}
