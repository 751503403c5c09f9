/** The settings of an application that signs up and in with an e-mail address and a password. */
import type { AttributeDataJSON, EnvironmentJSON, UserSettingsJSON } from '@clerk/nextjs/types'
import type { Clerk } from '../context'
import { ok } from '../reply'
import type { Sent } from '../resources/sent'
import type { Handler } from '../router'
import { PASSWORD_LENGTH } from '../users'

type UserSettings = Sent<
  Omit<UserSettingsJSON, 'id' | 'object'>,
  { social: Record<string, never>; attributes: Record<string, AttributeDataJSON> }
>

type Environment = Sent<
  Omit<EnvironmentJSON, 'id' | 'object'>,
  {
    auth_config: Omit<EnvironmentJSON['auth_config'], 'id' | 'object'>
    api_keys_settings: Omit<EnvironmentJSON['api_keys_settings'], 'id' | 'object'>
    commerce_settings: Omit<EnvironmentJSON['commerce_settings'], 'id' | 'object'>
    organization_settings: Omit<EnvironmentJSON['organization_settings'], 'id' | 'object'>
    user_settings: UserSettings
  }
>

export const getEnvironment: Handler = (clerk) => ok(environment(clerk))

function environment(clerk: Clerk): Environment {
  return {
    auth_config: { single_session_mode: true, claimed_at: null, reverification: false },
    display_config: displayConfig,
    user_settings: userSettings(clerk),
    organization_settings: organizationSettings,
    commerce_settings: {
      billing: {
        stripe_publishable_key: null,
        organization: { enabled: false, has_paid_plans: false },
        user: { enabled: false, has_paid_plans: false },
      },
    },
    api_keys_settings: { user_api_keys_enabled: false, orgs_api_keys_enabled: false },
    protect_config: { object: 'protect_config', id: 'protect_local' },
    maintenance_mode: false,
  }
}

const displayConfig: EnvironmentJSON['display_config'] = {
  object: 'display_config',
  id: 'display_config_local',
  instance_environment_type: 'development',
  application_name: 'Todos',
  branded: false,
  show_devmode_warning: false,
  preferred_sign_in_strategy: 'password',
  captcha_public_key: null,
  captcha_public_key_invisible: null,
  captcha_widget_type: null,
  captcha_provider: 'turnstile',
  captcha_oauth_bypass: null,
  theme: {
    general: {
      color: '#18181b',
      background_color: '#ffffff',
      font_family: 'inherit',
      font_color: '#18181b',
      label_font_weight: '600',
      padding: '1em',
      border_radius: '0.5em',
      box_shadow: 'none',
    },
    buttons: { font_color: '#ffffff', font_family: 'inherit', font_weight: '600' },
    accounts: { background_color: '#ffffff' },
  },
  // Where to go is the app's own choice (NEXT_PUBLIC_CLERK_SIGN_IN_URL and its like).
  home_url: '/',
  sign_in_url: '/sign-in',
  sign_up_url: '/sign-up',
  after_sign_in_url: '/',
  after_sign_up_url: '/',
  after_sign_out_all_url: '/',
  after_sign_out_one_url: '/',
  after_switch_session_url: '/',
  user_profile_url: '/',
  organization_profile_url: '/',
  create_organization_url: '/',
  after_leave_organization_url: '/',
  after_create_organization_url: '/',
  waitlist_url: '/',
  after_join_waitlist_url: '/',
  logo_image_url: '',
  favicon_image_url: '',
  support_email: '',
  terms_url: '',
  privacy_policy_url: '',
}

function userSettings(clerk: Clerk): UserSettings {
  return {
    attributes: {
      email_address: {
        ...used,
        required: true,
        immutable: true,
        used_for_first_factor: true,
        first_factors: ['email_code'],
        verifications: ['email_code'],
        verify_at_sign_up: clerk.verifyEmailAtSignUp,
      },
      password: { ...used, required: true },
      first_name: used,
      last_name: used,
      username: unused,
      phone_number: unused,
      web3_wallet: unused,
      passkey: unused,
      authenticator_app: unused,
      backup_code: unused,
    },
    social: {},
    enterprise_sso: { enabled: false, self_serve_sso: false, self_serve_directory_sync: false },
    actions: { delete_self: false, create_organization: false },
    sign_in: { second_factor: { required: false, enabled: false } },
    sign_up: {
      mode: 'public',
      progressive: true,
      captcha_enabled: false,
      allowlist_only: false,
      legal_consent_enabled: false,
    },
    password_settings: {
      min_length: PASSWORD_LENGTH.min,
      max_length: PASSWORD_LENGTH.max,
      // Looking leaked passwords up would need the internet.
      disable_hibp: true,
      require_special_char: false,
      require_numbers: false,
      require_uppercase: false,
      require_lowercase: false,
      show_zxcvbn: false,
      min_zxcvbn_strength: 0,
      allowed_special_characters: '',
    },
    username_settings: { min_length: 4, max_length: 64 },
    passkey_settings: { allow_autofill: false, show_sign_in_button: false },
  }
}

const unused: AttributeDataJSON = {
  enabled: false,
  required: false,
  used_for_first_factor: false,
  first_factors: [],
  used_for_second_factor: false,
  second_factors: [],
  verifications: [],
  verify_at_sign_up: false,
}

const used: AttributeDataJSON = { ...unused, enabled: true }

const organizationSettings: Environment['organization_settings'] = {
  enabled: false,
  max_allowed_memberships: 0,
  force_organization_selection: false,
  actions: { admin_delete: false },
  domains: { enabled: false, enrollment_modes: [], default_role: null },
  slug: { disabled: true },
  organization_creation_defaults: { enabled: false },
}
