/** Tokens of platforms that do more than signing in. */
import type { Sample } from './sample'

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e'
const POOL = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1Cd2Ef3'
const GOOGLE_CLIENT = '407408718192.apps.googleusercontent.com'
const GOOGLE_SECURE_TOKEN =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com'

export const PLATFORM_SAMPLES: Readonly<Record<string, Sample>> = {
  firebase: {
    config: { preset: 'firebase', projectId: 'memos-prod' },
    jwksUrl: GOOGLE_SECURE_TOKEN,
    claims: {
      iss: 'https://securetoken.google.com/memos-prod',
      aud: 'memos-prod',
      auth_time: 1_700_000_000,
      user_id: 'k3Yl',
      sub: 'k3Yl',
      email: 'alice@example.com',
      email_verified: true,
      firebase: { identities: { email: ['alice@example.com'] }, sign_in_provider: 'password' },
    },
    anothers: { aud: 'somebody-elses-project' },
  },
  supabase: {
    config: { preset: 'supabase', projectId: 'abcdefghijklmnop' },
    jwksUrl: 'https://abcdefghijklmnop.supabase.co/auth/v1/.well-known/jwks.json',
    alg: 'ES256',
    claims: {
      iss: 'https://abcdefghijklmnop.supabase.co/auth/v1',
      sub: '5be1f2b5-7f0e-4d1c-9d3d-5e0b3e9e3f0a',
      aud: 'authenticated',
      email: 'alice@example.com',
      phone: '',
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: {},
      role: 'authenticated',
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: 1_700_000_000 }],
      session_id: '0b7a',
      is_anonymous: false,
    },
    anothers: { aud: 'another-api' },
  },
  'cognito, access token': {
    config: { preset: 'cognito', issuer: POOL, audience: '57cbishk4j24pabc1234567890' },
    jwksUrl: `${POOL}/.well-known/jwks.json`,
    claims: {
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      'cognito:groups': ['moderators'],
      iss: POOL,
      client_id: '57cbishk4j24pabc1234567890',
      origin_jti: 'o1',
      event_id: 'e1',
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: 1_700_000_000,
      jti: 'j1',
      username: 'alice',
    },
    anothers: { client_id: 'another-client' },
  },
  'cognito, id token': {
    config: {
      preset: 'cognito',
      userPoolId: 'eu-central-1_Ab1Cd2Ef3',
      audience: '57cbishk4j24pabc1234567890',
    },
    jwksUrl: `${POOL}/.well-known/jwks.json`,
    claims: {
      sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      iss: POOL,
      'cognito:username': 'alice',
      aud: '57cbishk4j24pabc1234567890',
      token_use: 'id',
      email: 'alice@example.com',
    },
    anothers: { aud: 'another-client' },
  },
  'azure-ad, Entra ID': {
    config: { preset: 'azure-ad', tenantId: TENANT, audience: CLIENT },
    jwksUrl: `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
    claims: {
      aud: CLIENT,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      nbf: 1_700_000_000,
      azp: CLIENT,
      azpacr: '0',
      name: 'Alice',
      oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
      preferred_username: 'alice@example.com',
      rh: 'I',
      scp: 'access_as_user',
      sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
      tid: TENANT,
      uti: 'fqiBqXLPj0eQa82S-IYFAA',
      ver: '2.0',
    },
    anothers: { aud: '00000003-0000-0000-c000-000000000000' },
    header: { typ: 'JWT' },
  },
  'azure-ad, Entra ID, version 1 tokens': {
    config: {
      preset: 'azure-ad',
      issuer: `https://sts.windows.net/${TENANT}/`,
      audience: `api://${CLIENT}`,
    },
    jwksUrl: `https://login.microsoftonline.com/${TENANT}/discovery/keys`,
    claims: {
      aud: `api://${CLIENT}`,
      iss: `https://sts.windows.net/${TENANT}/`,
      appid: CLIENT,
      appidacr: '0',
      sub: 'l3_roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA',
      tid: TENANT,
      ver: '1.0',
    },
    anothers: { aud: 'https://graph.microsoft.com' },
  },
  'azure-ad, B2C': {
    config: {
      preset: 'azure-ad',
      issuer: `https://contoso.b2clogin.com/${TENANT}/v2.0/`,
      policy: 'B2C_1_signin',
      audience: CLIENT,
    },
    jwksUrl: `https://contoso.b2clogin.com/${TENANT}/B2C_1_signin/discovery/v2.0/keys`,
    claims: {
      ver: '1.0',
      iss: `https://contoso.b2clogin.com/${TENANT}/v2.0/`,
      sub: '884408e1-2918-4cz0-b12d-3aa027d7563b',
      aud: CLIENT,
      nonce: 'defaultNonce',
      auth_time: 1_700_000_000,
      idp: 'google.com',
      tfp: 'B2C_1_signin',
    },
    anothers: { aud: 'another-client' },
  },
  google: {
    config: { preset: 'google', audience: GOOGLE_CLIENT },
    jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
    claims: {
      iss: 'https://accounts.google.com',
      azp: GOOGLE_CLIENT,
      aud: GOOGLE_CLIENT,
      sub: '110169484474386276334',
      at_hash: 'HK6E_P6Dh8Y93mRNtsDB1Q',
      email: 'alice@example.com',
      email_verified: true,
    },
    anothers: { aud: 'evil.apps.googleusercontent.com' },
  },
  'google, older spelling of its issuer': {
    config: { preset: 'google', audience: GOOGLE_CLIENT },
    jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
    claims: { iss: 'accounts.google.com', aud: GOOGLE_CLIENT, sub: '110169484474386276334' },
    anothers: { aud: 'evil.apps.googleusercontent.com' },
  },
}
