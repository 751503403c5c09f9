/** A user as Clerk's APIs show it. */
import type { EmailAddressJSON, PublicUserDataJSON, UserJSON } from '@clerk/nextjs/types'
import type { User } from '../state'
import { avatarUrl } from './avatar'
import type { Sent } from './sent'
import { verification, type Verification } from './verification'

type EmailAddressView = Sent<EmailAddressJSON, { verification: Verification }>
export type UserView = Sent<UserJSON, { email_addresses: EmailAddressView[] }>

/** For the Frontend API; the Backend API adds what only servers may know. */
export function userJson(user: User): UserView {
  return {
    object: 'user',
    id: user.id,
    external_id: null,
    primary_email_address_id: emailAddressId(user),
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    image_url: avatarUrl(user),
    has_image: false,
    profile_image_id: '',
    username: null,
    email_addresses: [emailAddressJson(user)],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    enterprise_accounts: [],
    passkeys: [],
    organization_memberships: [],
    password_enabled: user.passwordHash !== null,
    first_name: user.firstName,
    last_name: user.lastName,
    totp_enabled: false,
    backup_code_enabled: false,
    two_factor_enabled: false,
    public_metadata: user.publicMetadata,
    unsafe_metadata: {},
    last_sign_in_at: user.lastSignInAt,
    create_organization_enabled: false,
    create_organizations_limit: null,
    delete_self_enabled: false,
    legal_accepted_at: null,
    timezone: null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}

export function emailAddressJson(user: User): EmailAddressView {
  return {
    object: 'email_address',
    id: emailAddressId(user),
    email_address: user.email,
    verification: user.emailVerified
      ? verification('verified', 'email_code')
      : verification('unverified', null),
    linked_to: [],
    matches_sso_connection: false,
  }
}

export function publicUserData(user: User): PublicUserDataJSON {
  return {
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: avatarUrl(user),
    has_image: false,
    identifier: user.email,
    user_id: user.id,
  }
}

export function emailAddressId(user: Pick<User, 'id'>): string {
  return user.id.replace('user_', 'idn_')
}
