/** A browser, with who is signed in there and what it is in the middle of, as Clerk's FAPI shows it. */
import type { ClientJSON, SessionJSON, TokenJSON } from '@clerk/nextjs/types'
import { activeSession } from '../browser'
import type { Clerk } from '../context'
import { minutesSinceSignIn, mintSessionToken } from '../session-token'
import type { Client, Session, User } from '../state'
import type { Sent } from './sent'
import { signInJson, type SignInView } from './sign-in'
import { signUpJson, type SignUpView } from './sign-up'
import { publicUserData, userJson, type UserView } from './user'

type TokenView = Omit<TokenJSON, 'id'>
export type SessionView = Sent<SessionJSON, { user: UserView; last_active_token: TokenView }>
type ClientView = Sent<
  ClientJSON,
  { sessions: SessionView[]; sign_in: SignInView | null; sign_up: SignUpView | null }
>

/** With a fresh token for the page at `pageOrigin`. */
export async function clientJson(
  clerk: Clerk,
  client: Client,
  pageOrigin: string,
): Promise<ClientView> {
  const active = activeSession(clerk, client)
  return {
    object: 'client',
    id: client.id,
    sessions: active ? [await sessionJson(clerk, active.session, active.user, pageOrigin)] : [],
    sign_in: client.signIn && signInJson(clerk, client.signIn),
    sign_up: client.signUp && signUpJson(clerk, client.signUp),
    last_active_session_id: active?.session.id ?? null,
    last_authentication_strategy: null,
    captcha_bypass: true,
    cookie_expires_at: null,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  }
}

export async function sessionJson(
  clerk: Clerk,
  session: Session,
  user: User,
  pageOrigin: string,
): Promise<SessionView> {
  return {
    object: 'session',
    id: session.id,
    status: 'active',
    user: userJson(user),
    public_user_data: publicUserData(user),
    last_active_token: await tokenJson(clerk, { session, user }, pageOrigin),
    last_active_organization_id: null,
    factor_verification_age: [minutesSinceSignIn(clerk, session), -1],
    actor: null,
    tasks: null,
    last_active_at: session.lastActiveAt,
    expire_at: session.expireAt,
    abandon_at: session.expireAt,
    created_at: session.createdAt,
    updated_at: session.lastActiveAt,
  }
}

export async function tokenJson(
  clerk: Clerk,
  active: { session: Session; user: User },
  pageOrigin: string,
): Promise<TokenView> {
  return { object: 'token', jwt: await mintSessionToken(clerk, active, pageOrigin) }
}
