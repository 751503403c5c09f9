/** The known token providers. Each needs only one line of configuration. */

import type { Preset } from './preset'

const wellKnown = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`
const lastPart = (issuer: string) => issuer.slice(issuer.lastIndexOf('/') + 1)
const aud = ['aud'] as const
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

const PRESETS = {
  // https://clerk.com/docs/backend-requests/resources/session-tokens
  clerk: {
    pattern: /^https:\/\/[^/]+$/,
    example: 'https://your-app.clerk.accounts.dev',
    jwksUrl: wellKnown,
    audienceClaims: ['azp'],
  },
  // https://docs.stack-auth.com/docs/concepts/jwt
  'stack-auth': {
    from: {
      field: 'projectId',
      issuer: (id) => `https://api.stack-auth.com/api/v1/projects/${id}`,
    },
    pattern: /^https:\/\/[^/]+\/api\/v1\/projects\/[^/]+$/,
    example: 'https://api.stack-auth.com/api/v1/projects/your-project-id',
    jwksUrl: wellKnown,
    audienceClaims: aud,
    audience: lastPart,
    sessionClaim: ['refresh_token_id'],
  },
  // https://auth0.com/docs/secure/tokens/access-tokens
  auth0: {
    from: { field: 'domain', issuer: (domain) => `https://${domain}/` },
    pattern: /^https:\/\/[^/]+\/$/,
    example: 'https://your-tenant.auth0.com/ (with the slash)',
    jwksUrl: wellKnown,
    audienceClaims: aud,
  },
  // https://firebase.google.com/docs/auth/admin/verify-id-tokens: one set of keys for all projects
  firebase: {
    from: { field: 'projectId', issuer: (id) => `https://securetoken.google.com/${id}` },
    pattern: /^https:\/\/securetoken\.google\.com\/[^/]+$/,
    example: 'https://securetoken.google.com/your-project-id',
    jwksUrl: () =>
      'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
    audienceClaims: aud,
    audience: lastPart,
    sharedKeys: true,
  },
  // https://stytch.com/docs/guides/sessions/using-jwts: keys per project; B2B projects give jwksUrl
  stytch: {
    from: { field: 'projectId', issuer: (id) => `stytch.com/${id}` },
    pattern: /^stytch\.com\/project-(?:test|live)-[^/]+$/,
    example: 'stytch.com/project-live-your-project-id',
    jwksUrl: (issuer) =>
      `https://${issuer.includes('/project-live-') ? 'api' : 'test'}.stytch.com/v1/sessions/jwks/${lastPart(issuer)}`,
    audienceClaims: aud,
    audience: lastPart,
    sessionClaim: ['https://stytch.com/session', 'id'],
  },
  // https://www.keycloak.org/securing-apps/oidc-layers; which client may be said by authorizedParties
  keycloak: {
    pattern: /^https:\/\/.+\/realms\/[^/]+$/,
    example: 'https://keycloak.example.com/realms/your-realm',
    jwksUrl: (issuer) => `${issuer}/protocol/openid-connect/certs`,
    audienceClaims: aud,
  },
  // https://supabase.com/docs/guides/auth/jwts: projects with asymmetric keys
  supabase: {
    from: { field: 'projectId', issuer: (id) => `https://${id}.supabase.co/auth/v1` },
    pattern: /^https:\/\/[^/]+\/auth\/v1$/,
    example: 'https://your-project.supabase.co/auth/v1',
    jwksUrl: wellKnown,
    audienceClaims: aud,
    audience: () => 'authenticated',
    sessionClaim: ['session_id'],
  },
  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
  cognito: {
    from: {
      field: 'userPoolId',
      issuer: (id) => `https://cognito-idp.${id.split('_')[0] ?? ''}.amazonaws.com/${id}`,
    },
    pattern: /^https:\/\/cognito-idp\.[^/]+\.amazonaws\.com(?:\.cn)?\/[^/]+$/,
    example: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_YourPool',
    jwksUrl: wellKnown,
    // Access tokens name the client in client_id, id tokens in aud.
    audienceClaims: ['client_id', 'aud'],
    sessionClaim: ['origin_jti'],
  },
  // https://learn.microsoft.com/entra/identity-platform/access-tokens: tenants share keys. B2C:
  // https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview
  'azure-ad': {
    from: {
      field: 'tenantId',
      issuer: (id) => `https://login.microsoftonline.com/${id.toLowerCase()}/v2.0`,
    },
    pattern: new RegExp(
      `^https://(?:sts\\.windows\\.net/${GUID}/|[^/]+/${GUID}/v2\\.0/?|[^/]+/tfp/${GUID}/[^/]+/v2\\.0/)$`,
    ),
    example:
      'https://login.microsoftonline.com/the-tenants-guid/v2.0 (no token comes from common, organizations or consumers)',
    jwksUrl: microsoftKeys,
    audienceClaims: aud,
    sharedKeys: true,
  },
  // https://developers.google.com/identity/openid-connect/openid-connect: one set of keys for all
  google: {
    issuer: 'https://accounts.google.com',
    pattern: /^https:\/\/accounts\.google\.com$/,
    example: 'https://accounts.google.com',
    jwksUrl: () => 'https://www.googleapis.com/oauth2/v3/certs',
    alsoIssuedAs: () => ['accounts.google.com'],
    audienceClaims: aud,
    sharedKeys: true,
  },
  // https://docs.descope.com/session-overview: `iss` is the project's id, or a URL that ends with it
  descope: {
    from: { field: 'projectId', issuer: (id) => `${descopeOrigin(id)}/${id}` },
    pattern: /^(?:https:\/\/.+\/)?P[0-9A-Za-z]{20,}$/,
    example: 'https://api.descope.com/Your-project-id',
    jwksUrl: (issuer) =>
      `${URL.canParse(issuer) ? new URL(issuer).origin : descopeOrigin(issuer)}/v2/keys/${lastPart(issuer)}`,
    alsoIssuedAs: (issuer) => [lastPart(issuer)],
    audienceClaims: aud,
    otherTokens: { claim: 'drn', isOther: (drn) => drn === 'DSR', called: 'a refresh token' },
  },
  // https://docs.propelauth.com/reference/api/getting-started: the URL of your authentication pages
  propelauth: {
    pattern: /^https:\/\/[^/]+$/,
    example: 'https://auth.your-domain.com',
    jwksUrl: wellKnown,
    audienceClaims: aud,
  },
  // https://supertokens.com/docs/additional-verification/session-verification: apiDomain + apiBasePath
  supertokens: {
    pattern: /^https:\/\/[^/]+\/.+[^/]$/,
    example: 'https://api.your-domain.com/auth',
    jwksUrl: (issuer) => `${issuer}/jwt/jwks.json`,
    audienceClaims: aud,
    sessionClaim: ['sessionHandle'],
    // As its SDKs tell them apart: 1 is an OAuth client's access token for the scopes that it was given.
    otherTokens: {
      claim: 'stt',
      isOther: (type) => type !== undefined && type !== 0,
      called: 'not a session’s',
    },
  },
  // https://workos.com/docs/reference/authkit/session-tokens: keys per client
  workos: {
    from: {
      field: 'clientId',
      issuer: (id) => `https://api.workos.com/user_management/${id}`,
    },
    pattern: /^https:\/\/[^/]+\/user_management\/client_[^/]+$/,
    example: 'https://api.workos.com/user_management/client_your-client-id',
    jwksUrl: (issuer) => `${new URL(issuer).origin}/sso/jwks/${lastPart(issuer)}`,
    alsoIssuedAs: () => ['https://api.workos.com', 'https://api.workos.com/'],
    audienceClaims: ['aud', 'client_id'],
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]]

export function preset(name: PresetName): Preset {
  return PRESETS[name]
}

/** The provider, if any, that signs this issuer's tokens with keys shared by all its customers. */
export function sharesKeys(issuer: string): PresetName | undefined {
  return PRESET_NAMES.find((name) => {
    const { sharedKeys, pattern } = preset(name)
    return sharedKeys === true && pattern.test(issuer)
  })
}

/** Ids end with 27 characters; what stands between those and the P is the project's region, as Descope's SDKs read it. */
function descopeOrigin(projectId: string): string {
  const region = projectId.slice(1, -27)
  return `https://api.${region === '' ? '' : `${region}.`}descope.com`
}

function microsoftKeys(issuer: string, policy: string | undefined): string | undefined {
  const { origin, hostname, pathname } = new URL(issuer)
  if (hostname === 'sts.windows.net') {
    return `https://login.microsoftonline.com${pathname}discovery/keys`
  }
  const path = pathname.replace(/\/v2\.0\/?$/, '').replace(/^\/tfp\//, '/')
  const needsPolicy = hostname.endsWith('.b2clogin.com') && !pathname.startsWith('/tfp/')
  if (needsPolicy && policy === undefined) return undefined
  return `${origin}${path}${policy === undefined ? '' : `/${policy}`}/discovery/v2.0/keys`
}
