/** A token of each provider as it really comes, what configures it, and what makes it another's. */
import type { Claims } from './issuer'

export type Sample = {
  /** One line of PROXY_JWT_PROVIDERS. */
  readonly config: Record<string, unknown>
  /** Where its keys are looked for. */
  readonly jwksUrl: string
  /** Without `exp`, which the test adds. */
  readonly claims: Claims
  /** What differs in the token of another customer, application or client. */
  readonly anothers: Claims
  readonly alg?: 'ES256'
  readonly header?: Record<string, unknown>
}

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e'
const POOL = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1Cd2Ef3'
const GOOGLE_CLIENT = '407408718192.apps.googleusercontent.com'
const DESCOPE = 'P2UGPFWoB8dFXWxiwX8jXGhXmVbk'
const STYTCH = 'project-live-c60c0abe-c25a-4472-a9ed-320c6667d317'
const GOOGLE_SECURE_TOKEN =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com'

export const SAMPLES: Readonly<Record<string, Sample>> = {
  clerk: {
    config: {
      preset: 'clerk',
      issuer: 'https://happy-hippo-1.clerk.accounts.dev',
      audience: 'https://app.example.com',
    },
    jwksUrl: 'https://happy-hippo-1.clerk.accounts.dev/.well-known/jwks.json',
    claims: {
      azp: 'https://app.example.com',
      fva: [0, -1],
      iss: 'https://happy-hippo-1.clerk.accounts.dev',
      sid: 'sess_2b',
      sts: 'active',
      sub: 'user_2b',
      v: 2,
      o: { id: 'org_1', rol: 'admin', slg: 'acme' },
    },
    anothers: { azp: 'https://evil.example' },
    header: { cat: 'cl_B7d4PD111AAA', typ: 'JWT' },
  },
  'stack-auth': {
    config: { preset: 'stack-auth', projectId: '0d4b0f0a-bb6c-4a7c-b1cd-cf1f8a2b0d5e' },
    jwksUrl:
      'https://api.stack-auth.com/api/v1/projects/0d4b0f0a-bb6c-4a7c-b1cd-cf1f8a2b0d5e/.well-known/jwks.json',
    alg: 'ES256',
    claims: {
      sub: '9f1f5c1e-2f0b-4f0e-8f62-0b0c8a9f1e11',
      project_id: '0d4b0f0a-bb6c-4a7c-b1cd-cf1f8a2b0d5e',
      branch_id: 'main',
      refresh_token_id: 'a2f4',
      role: 'authenticated',
      name: 'Alice',
      email: 'alice@example.com',
      email_verified: true,
      selected_team_id: null,
      is_anonymous: false,
      iss: 'https://api.stack-auth.com/api/v1/projects/0d4b0f0a-bb6c-4a7c-b1cd-cf1f8a2b0d5e',
      aud: '0d4b0f0a-bb6c-4a7c-b1cd-cf1f8a2b0d5e',
    },
    anothers: { aud: '11111111-bb6c-4a7c-b1cd-cf1f8a2b0d5e' },
  },
  auth0: {
    config: {
      preset: 'auth0',
      issuer: 'https://tenant.eu.auth0.com/',
      audience: 'https://todos.example/api',
    },
    jwksUrl: 'https://tenant.eu.auth0.com/.well-known/jwks.json',
    claims: {
      iss: 'https://tenant.eu.auth0.com/',
      sub: 'auth0|65f1c0ffee',
      aud: ['https://todos.example/api', 'https://tenant.eu.auth0.com/userinfo'],
      scope: 'openid profile',
      azp: 'aBcDeF',
      permissions: [],
    },
    anothers: { aud: ['https://other.example/api', 'https://tenant.eu.auth0.com/userinfo'] },
    header: { typ: 'JWT' },
  },
  firebase: {
    config: { preset: 'firebase', projectId: 'todos-prod' },
    jwksUrl: GOOGLE_SECURE_TOKEN,
    claims: {
      iss: 'https://securetoken.google.com/todos-prod',
      aud: 'todos-prod',
      auth_time: 1_700_000_000,
      user_id: 'k3Yl',
      sub: 'k3Yl',
      email: 'alice@example.com',
      email_verified: true,
      firebase: { identities: { email: ['alice@example.com'] }, sign_in_provider: 'password' },
    },
    anothers: { aud: 'somebody-elses-project' },
  },
  stytch: {
    config: { preset: 'stytch', projectId: STYTCH },
    jwksUrl: `https://api.stytch.com/v1/sessions/jwks/${STYTCH}`,
    claims: {
      aud: [STYTCH],
      'https://stytch.com/session': {
        id: 'session-live-1',
        started_at: '2026-01-01T00:00:00Z',
        attributes: { user_agent: '', ip_address: '' },
        authentication_factors: [{ type: 'magic_link', delivery_method: 'email' }],
      },
      iss: `stytch.com/${STYTCH}`,
      sub: 'user-live-c8a6',
    },
    anothers: { aud: ['project-live-00000000-c25a-4472-a9ed-320c6667d317'] },
  },
  keycloak: {
    config: {
      preset: 'keycloak',
      issuer: 'https://keycloak.example.com/realms/todos',
      audience: 'todos-api',
    },
    jwksUrl: 'https://keycloak.example.com/realms/todos/protocol/openid-connect/certs',
    claims: {
      jti: 'onrtac:4f2d',
      iss: 'https://keycloak.example.com/realms/todos',
      aud: ['todos-api', 'account'],
      sub: '2f1c',
      typ: 'Bearer',
      azp: 'todos-web',
      sid: 'b3c1',
      acr: '1',
      realm_access: { roles: ['offline_access', 'moderator'] },
      resource_access: { account: { roles: ['manage-account'] } },
      scope: 'openid email',
      preferred_username: 'alice',
    },
    anothers: { aud: 'account' },
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
  descope: {
    config: { preset: 'descope', projectId: DESCOPE, audience: 'todos' },
    jwksUrl: `https://api.descope.com/v2/keys/${DESCOPE}`,
    claims: {
      amr: ['oauth'],
      drn: 'DS',
      iss: DESCOPE,
      rexp: '2026-12-01T00:00:00Z',
      sub: 'U2UGPFW',
      aud: ['todos'],
      tenants: { T2: { roles: ['editor'], permissions: [] } },
    },
    anothers: { aud: ['another'] },
    header: { typ: 'JWT' },
  },
  propelauth: {
    config: { preset: 'propelauth', issuer: 'https://auth.todos.example' },
    jwksUrl: 'https://auth.todos.example/.well-known/jwks.json',
    claims: {
      sub: '31c41c16-c281-44ae-9602-8a047e3bf33d',
      user_id: '31c41c16-c281-44ae-9602-8a047e3bf33d',
      iss: 'https://auth.todos.example',
      email: 'alice@example.com',
      org_id_to_org_member_info: {
        '1189c444-8a2d-4c41-8b4b-ae43ce79a492': { org_name: 'Acme', user_role: 'Admin' },
      },
    },
    anothers: { iss: 'https://auth.somebody-else.example' },
  },
  supertokens: {
    config: { preset: 'supertokens', issuer: 'https://api.todos.example/auth' },
    jwksUrl: 'https://api.todos.example/auth/jwt/jwks.json',
    claims: {
      sub: 'fa7a0841-b533-4478-95533-0fde890c3483',
      tId: 'public',
      rsub: 'fa7a0841-b533-4478-95533-0fde890c3483',
      sessionHandle: 'd2d8',
      refreshTokenHash1: 'b7f2',
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
      iss: 'https://api.todos.example/auth',
    },
    anothers: { iss: 'https://api.somebody-else.example/auth' },
    header: { typ: 'JWT', version: '5' },
  },
  workos: {
    config: { preset: 'workos', clientId: 'client_01HXYZ' },
    jwksUrl: 'https://api.workos.com/sso/jwks/client_01HXYZ',
    claims: {
      iss: 'https://api.workos.com/user_management/client_01HXYZ',
      sub: 'user_01HBEQKA6K4QJAS93VPE39W1JT',
      sid: 'session_01HQSXZGF8FHF7A9ZZFCW4387R',
      org_id: 'org_01HRDMC6CM357W30QMHMQ96Q0S',
      role: 'member',
      permissions: ['posts:read'],
      jti: '01HQSXZXPPFPKMDD32RKTFY6PV',
    },
    anothers: { iss: 'https://api.workos.com/user_management/client_another' },
  },
  'workos, the issuer that all its customers share': {
    config: { preset: 'workos', clientId: 'client_01HXYZ' },
    jwksUrl: 'https://api.workos.com/sso/jwks/client_01HXYZ',
    claims: {
      iss: 'https://api.workos.com',
      sub: 'user_01HBEQKA6K4QJAS93VPE39W1JT',
      sid: 'session_01HQSXZGF8FHF7A9ZZFCW4387R',
    },
    anothers: { iss: 'https://auth.somebody-else.example' },
  },
}
