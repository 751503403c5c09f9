/** Signing in: by password, by the code that would have been e-mailed, or by a one-time ticket. */
import { z } from 'zod'
import { assertSignedOut, requireClient, startSession } from '../browser'
import type { Clerk } from '../context'
import { assertEmailCode } from '../email-code'
import { formError, notFound } from '../errors'
import { newId } from '../ids'
import { passwordMatches } from '../password'
import type { Reply } from '../reply'
import { parseFields, type ClerkRequest } from '../request'
import { signInJson } from '../resources/sign-in'
import type { Handler } from '../router'
import type { Client, SignIn, User } from '../state'
import { redeemTicket } from '../tickets'
import { findUserByEmail, userById } from '../users'
import { changed, read } from './reply'

const createFields = z.object({
  strategy: z.string().optional(),
  identifier: z.string().optional(),
  password: z.string().optional(),
  ticket: z.string().optional(),
})

/** Says which ways in the user has; with a password or a ticket, goes in at once. */
export const createSignIn: Handler = async (clerk, request) => {
  const client = requireClient(clerk, request)
  const { strategy, identifier, password, ticket } = parseFields(createFields, request.body)
  assertSignedOut(clerk, client)
  if (strategy === 'ticket') {
    const user = redeemTicket(clerk, ticket ?? '')
    return complete(clerk, request, client, begin(client, user), user)
  }
  const user = userByIdentifier(clerk, identifier ?? '')
  const signIn = begin(client, user)
  if (strategy === 'email_code') signIn.emailCodeSent = true
  if (password !== undefined) {
    await assertPassword(user, password)
    return complete(clerk, request, client, signIn, user)
  }
  clerk.store.save()
  return changed(clerk, request, signInJson(clerk, signIn))
}

export const getSignIn: Handler = (clerk, request) =>
  read(signInJson(clerk, requested(clerk, request).signIn))

/** Would send the e-mail; the code is always the test code. */
export const prepareFirstFactor: Handler = (clerk, request) => {
  const { signIn } = requested(clerk, request)
  parseFields(z.object({ strategy: z.literal('email_code') }), request.body)
  signIn.emailCodeSent = true
  clerk.store.save()
  return changed(clerk, request, signInJson(clerk, signIn))
}

const attemptFields = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('password'), password: z.string() }),
  z.object({ strategy: z.literal('email_code'), code: z.string() }),
])

export const attemptFirstFactor: Handler = async (clerk, request) => {
  const { client, signIn } = requested(clerk, request)
  const attempt = parseFields(attemptFields, request.body)
  const user = userById(clerk.store, signIn.userId)
  if (attempt.strategy === 'password') await assertPassword(user, attempt.password)
  else {
    assertEmailCode(signIn, attempt.code)
    user.emailVerified = true
  }
  return complete(clerk, request, client, signIn, user)
}

function userByIdentifier(clerk: Clerk, identifier: string): User {
  if (identifier === '') throw formError('form_param_missing', 'Enter an email.', 'identifier')
  const user = findUserByEmail(clerk.store, identifier)
  if (user) return user
  throw formError('form_identifier_not_found', "Couldn't find your account.", 'identifier')
}

function begin(client: Client, user: User): SignIn {
  const signIn = { id: newId('sia'), userId: user.id, emailCodeSent: false }
  client.signIn = signIn
  return signIn
}

async function assertPassword(user: User, password: string) {
  if (user.passwordHash === null) {
    throw formError('strategy_for_user_invalid', 'This account has no password.', 'password')
  }
  if (await passwordMatches(password, user.passwordHash)) return
  throw formError(
    'form_password_incorrect',
    'Password is incorrect. Try again, or use another method.',
    'password',
  )
}

/** The attempt of this browser that the address names. */
function requested(clerk: Clerk, request: ClerkRequest): { client: Client; signIn: SignIn } {
  const client = requireClient(clerk, request)
  const { signIn } = client
  if (!signIn || signIn.id !== request.params.id) throw notFound('The sign-in')
  return { client, signIn }
}

function complete(
  clerk: Clerk,
  request: ClerkRequest,
  client: Client,
  signIn: SignIn,
  user: User,
): Promise<Reply> {
  const session = startSession(clerk, client, user)
  return changed(clerk, request, signInJson(clerk, signIn, session))
}
