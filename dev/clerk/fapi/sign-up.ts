/** Signing up with an e-mail address and a password, and the code to prove the address if wanted. */
import { z } from 'zod'
import { assertSignedOut, requireClient, startSession } from '../browser'
import type { Clerk } from '../context'
import { assertEmailCode } from '../email-code'
import { formError, notFound } from '../errors'
import { newId } from '../ids'
import type { Reply } from '../reply'
import { parseFields, type ClerkRequest } from '../request'
import { missingFields, signUpJson } from '../resources/sign-up'
import type { Handler } from '../router'
import type { Client, SignUp } from '../state'
import { assertEmailIsFree, createUser, hashNewPassword, personName } from '../users'
import { changed, read } from './reply'

const fields = z.object({
  email_address: z.string().trim().optional(),
  password: z.string().optional(),
  first_name: personName.optional(),
  last_name: personName.optional(),
})

export const createSignUp: Handler = async (clerk, request) => {
  const client = requireClient(clerk, request)
  assertSignedOut(clerk, client)
  const signUp: SignUp = {
    id: newId('sua'),
    email: null,
    emailVerified: false,
    emailCodeSent: false,
    passwordHash: null,
    firstName: null,
    lastName: null,
  }
  await fillIn(clerk, signUp, request)
  client.signUp = signUp
  return proceed(clerk, request, client, signUp)
}

export const updateSignUp: Handler = async (clerk, request) => {
  const { client, signUp } = requested(clerk, request)
  await fillIn(clerk, signUp, request)
  return proceed(clerk, request, client, signUp)
}

export const getSignUp: Handler = (clerk, request) =>
  read(signUpJson(clerk, requested(clerk, request).signUp))

/** Would send the e-mail; the code is always the test code. */
export const prepareVerification: Handler = (clerk, request) => {
  const { client, signUp } = requested(clerk, request)
  parseFields(z.object({ strategy: z.literal('email_code') }), request.body)
  signUp.emailCodeSent = true
  return proceed(clerk, request, client, signUp)
}

export const attemptVerification: Handler = (clerk, request) => {
  const { client, signUp } = requested(clerk, request)
  assertEmailCode(signUp, parseFields(z.object({ code: z.string() }), request.body).code)
  signUp.emailVerified = true
  return proceed(clerk, request, client, signUp)
}

/** Checks everything before it changes anything. */
async function fillIn(clerk: Clerk, signUp: SignUp, request: ClerkRequest) {
  const given = parseFields(fields, request.body)
  if (given.email_address !== undefined) assertEmail(clerk, given.email_address)
  const passwordHash =
    given.password === undefined ? signUp.passwordHash : await hashNewPassword(given.password)
  if (given.email_address !== undefined && given.email_address !== signUp.email) {
    Object.assign(signUp, {
      email: given.email_address,
      emailVerified: false,
      emailCodeSent: false,
    })
  }
  signUp.passwordHash = passwordHash
  if (given.first_name !== undefined) signUp.firstName = given.first_name
  if (given.last_name !== undefined) signUp.lastName = given.last_name
}

function assertEmail(clerk: Clerk, email: string) {
  if (!z.email().max(254).safeParse(email).success) {
    throw formError(
      'form_param_format_invalid',
      'Email address must be a valid email address.',
      'email_address',
    )
  }
  assertEmailIsFree(clerk.store, email)
}

/** Makes the user once nothing is missing. */
function proceed(
  clerk: Clerk,
  request: ClerkRequest,
  client: Client,
  signUp: SignUp,
): Promise<Reply> {
  const { email, passwordHash, firstName, lastName } = signUp
  const isProven = signUp.emailVerified || !clerk.verifyEmailAtSignUp
  if (email === null || missingFields(signUp).length > 0 || !isProven) {
    clerk.store.save()
    return changed(clerk, request, signUpJson(clerk, signUp))
  }
  const user = createUser(clerk, {
    email,
    emailVerified: signUp.emailVerified,
    publicMetadata: {},
    passwordHash,
    firstName,
    lastName,
  })
  const session = startSession(clerk, client, user)
  return changed(clerk, request, signUpJson(clerk, signUp, session))
}

/** The attempt of this browser that the address names. */
function requested(clerk: Clerk, request: ClerkRequest): { client: Client; signUp: SignUp } {
  const client = requireClient(clerk, request)
  const { signUp } = client
  if (!signUp || signUp.id !== request.params.id) throw notFound('The sign-up')
  return { client, signUp }
}
