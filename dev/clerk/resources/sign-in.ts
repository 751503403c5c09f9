/** An attempt to sign in, as Clerk's FAPI shows it. */
import type { SignInJSON } from '@clerk/nextjs/types'
import type { Clerk } from '../context'
import type { Session, SignIn, User } from '../state'
import { userById } from '../users'
import { avatarUrl } from './avatar'
import { emailAddressId } from './user'
import type { Sent } from './sent'
import { verification, type Verification } from './verification'

export type SignInView = Sent<
  Omit<SignInJSON, 'supported_identifiers'>,
  {
    supported_first_factors: FirstFactor[]
    first_factor_verification: Verification | null
    user_data: {
      first_name: string | null
      last_name: string | null
      image_url: string
      has_image: boolean
    }
  }
>

type FirstFactor =
  | { strategy: 'password' }
  | { strategy: 'email_code'; email_address_id: string; safe_identifier: string; primary: true }

/** @param session set once the attempt has succeeded. */
export function signInJson(clerk: Clerk, signIn: SignIn, session?: Session): SignInView {
  const user = userById(clerk.store, signIn.userId)
  return {
    object: 'sign_in',
    id: signIn.id,
    status: session ? 'complete' : 'needs_first_factor',
    identifier: user.email,
    user_data: {
      first_name: user.firstName,
      last_name: user.lastName,
      image_url: avatarUrl(user),
      has_image: false,
    },
    supported_first_factors: firstFactors(user),
    supported_second_factors: [],
    first_factor_verification: signIn.emailCodeSent
      ? verification(session ? 'verified' : 'unverified', 'email_code')
      : null,
    second_factor_verification: null,
    created_session_id: session?.id ?? null,
    timezone: null,
  }
}

function firstFactors(user: User): FirstFactor[] {
  const emailCode: FirstFactor = {
    strategy: 'email_code',
    email_address_id: emailAddressId(user),
    safe_identifier: user.email,
    primary: true,
  }
  return user.passwordHash === null ? [emailCode] : [{ strategy: 'password' }, emailCode]
}
