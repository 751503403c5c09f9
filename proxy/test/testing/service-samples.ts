/** Tokens of services and servers for signing in. */
import type { Sample } from './sample'

const DESCOPE = 'P2UGPFWoB8dFXWxiwX8jXGhXmVbk'
const DESCOPE_EUROPE = 'Peuc12UGPFWoB8dFXWxiwX8jXGhXmVbk'
const STYTCH = 'project-live-c60c0abe-c25a-4472-a9ed-320c6667d317'

export const SERVICE_SAMPLES: Readonly<Record<string, Sample>> = {
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
      audience: 'https://memos.example/api',
    },
    jwksUrl: 'https://tenant.eu.auth0.com/.well-known/jwks.json',
    claims: {
      iss: 'https://tenant.eu.auth0.com/',
      sub: 'auth0|65f1c0ffee',
      aud: ['https://memos.example/api', 'https://tenant.eu.auth0.com/userinfo'],
      scope: 'openid profile',
      azp: 'aBcDeF',
      permissions: [],
    },
    anothers: { aud: ['https://other.example/api', 'https://tenant.eu.auth0.com/userinfo'] },
    header: { typ: 'JWT' },
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
      issuer: 'https://keycloak.example.com/realms/memos',
      audience: 'memos-api',
    },
    jwksUrl: 'https://keycloak.example.com/realms/memos/protocol/openid-connect/certs',
    claims: {
      jti: 'onrtac:4f2d',
      iss: 'https://keycloak.example.com/realms/memos',
      aud: ['memos-api', 'account'],
      sub: '2f1c',
      typ: 'Bearer',
      azp: 'memos-web',
      sid: 'b3c1',
      acr: '1',
      realm_access: { roles: ['offline_access', 'moderator'] },
      resource_access: { account: { roles: ['manage-account'] } },
      scope: 'openid email',
      preferred_username: 'alice',
    },
    anothers: { aud: 'account' },
  },
  descope: {
    config: { preset: 'descope', projectId: DESCOPE, audience: 'memos' },
    jwksUrl: `https://api.descope.com/v2/keys/${DESCOPE}`,
    claims: {
      amr: ['oauth'],
      drn: 'DS',
      iss: DESCOPE,
      rexp: '2026-12-01T00:00:00Z',
      sub: 'U2UGPFW',
      aud: ['memos'],
      tenants: { T2: { roles: ['editor'], permissions: [] } },
    },
    anothers: { aud: ['another'] },
    header: { typ: 'JWT' },
  },
  'descope, a project of another region, with the claims that its SDK is given': {
    config: { preset: 'descope', projectId: DESCOPE_EUROPE },
    jwksUrl: `https://api.euc1.descope.com/v2/keys/${DESCOPE_EUROPE}`,
    claims: {
      amr: ['pwd'],
      drn: 'DS',
      iss: DESCOPE_EUROPE,
      sub: 'U2UGPFW',
      rexp: '2026-12-01T00:00:00Z',
    },
    anothers: { iss: DESCOPE },
    header: { typ: 'JWT' },
  },
  propelauth: {
    config: { preset: 'propelauth', issuer: 'https://auth.memos.example' },
    jwksUrl: 'https://auth.memos.example/.well-known/jwks.json',
    claims: {
      sub: '31c41c16-c281-44ae-9602-8a047e3bf33d',
      user_id: '31c41c16-c281-44ae-9602-8a047e3bf33d',
      iss: 'https://auth.memos.example',
      email: 'alice@example.com',
      org_id_to_org_member_info: {
        '1189c444-8a2d-4c41-8b4b-ae43ce79a492': { org_name: 'Acme', user_role: 'Admin' },
      },
    },
    anothers: { iss: 'https://auth.somebody-else.example' },
  },
  supertokens: {
    config: { preset: 'supertokens', issuer: 'https://api.memos.example/auth' },
    jwksUrl: 'https://api.memos.example/auth/jwt/jwks.json',
    claims: {
      sub: 'fa7a0841-b533-4478-95533-0fde890c3483',
      tId: 'public',
      rsub: 'fa7a0841-b533-4478-95533-0fde890c3483',
      sessionHandle: 'd2d8',
      refreshTokenHash1: 'b7f2',
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
      iss: 'https://api.memos.example/auth',
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
