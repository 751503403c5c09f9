/** An attempt to sign up, as Clerk's FAPI shows it. */
import type { SignUpJSON } from '@clerk/nextjs/types'
import type { Clerk } from '../context'
import type { Session, SignUp } from '../state'
import type { Sent } from './sent'
import { verification, type Verification } from './verification'

export type SignUpView = Sent<
  SignUpJSON,
  { verifications: { email_address: EmailVerification } & Record<OtherWays, null> }
>

type EmailVerification = Verification & { next_action: string; supported_strategies: string[] }
type OtherWays = 'phone_number' | 'web3_wallet' | 'external_account'

/** @param session set once the attempt has succeeded. */
export function signUpJson(clerk: Clerk, signUp: SignUp, session?: Session): SignUpView {
  const needsCode = clerk.verifyEmailAtSignUp && !signUp.emailVerified
  return {
    object: 'sign_up',
    id: signUp.id,
    status: session ? 'complete' : 'missing_requirements',
    required_fields: ['email_address', 'password'],
    optional_fields: ['first_name', 'last_name'],
    missing_fields: missingFields(signUp),
    unverified_fields: needsCode && signUp.email !== null ? ['email_address'] : [],
    username: null,
    first_name: signUp.firstName,
    last_name: signUp.lastName,
    email_address: signUp.email,
    phone_number: null,
    web3_wallet: null,
    external_account_strategy: null,
    external_account: null,
    has_password: signUp.passwordHash !== null,
    unsafe_metadata: {},
    created_session_id: session?.id ?? null,
    created_user_id: session?.userId ?? null,
    abandon_at: null,
    legal_accepted_at: null,
    locale: null,
    timezone: null,
    verifications: {
      email_address: {
        ...verification(
          needsCode ? 'unverified' : 'verified',
          needsCode && !signUp.emailCodeSent ? null : 'email_code',
        ),
        next_action: nextAction(signUp, needsCode),
        supported_strategies: ['email_code'],
      },
      phone_number: null,
      web3_wallet: null,
      external_account: null,
    },
  }
}

export function missingFields(signUp: SignUp): ('email_address' | 'password')[] {
  return [
    ...(signUp.email === null ? (['email_address'] as const) : []),
    ...(signUp.passwordHash === null ? (['password'] as const) : []),
  ]
}

function nextAction(signUp: SignUp, needsCode: boolean): string {
  if (!needsCode) return ''
  return signUp.emailCodeSent ? 'needs_attempt' : 'needs_prepare'
}
