/** The variables of a stack that runs entirely on this machine, each stated once. */

export type Variables = Record<string, string>

export type LocalSettings = {
  ports: {
    app: number
    proxy: number
    clerk: number
    lab: number
    postgres: number
    sessions: number
  }
  postgresPassword: string
  authenticatorPassword: string
  clerkSecretKey: string
  /** `whsec_` and random bytes in base64. */
  clerkWebhookSecret: string
  eraserPassword: string
  /** 32 random bytes, base64. */
  sessionKey: string
}

/** Who may moderate: `metadata` is the user's public metadata, which only servers write. */
export const ROLES = { moderator: { claim: 'metadata.role', equals: 'moderator' } }

/** A test-mode key names Clerk's host. This host is never contacted, because the proxy path below wins. */
const LOCAL_PUBLISHABLE_KEY = `pk_test_${Buffer.from('local-emu-1.clerk.accounts.dev$').toString('base64')}`

export function localVariables(settings: LocalSettings): Variables {
  const { ports } = settings
  const appUrl = `http://localhost:${ports.app}`
  const clerkUrl = `http://127.0.0.1:${ports.clerk}`
  const database = `localhost:${ports.postgres}/todos`
  const provider = {
    name: 'clerk-local',
    issuer: clerkUrl,
    jwksUrl: `${clerkUrl}/.well-known/jwks.json`,
    authorizedParties: [appUrl],
    roles: ROLES,
  }
  return {
    PORT: String(ports.app),
    PROXY_PORT: String(ports.proxy),
    CLERK_LOCAL_PORT: String(ports.clerk),
    PGPORT: String(ports.postgres),
    PROXY_TCP_PORT: String(ports.sessions),
    PROXY_WEBSOCKET: 'on',
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: LOCAL_PUBLISHABLE_KEY,
    CLERK_SECRET_KEY: settings.clerkSecretKey,
    CLERK_WEBHOOK_SIGNING_SECRET: settings.clerkWebhookSecret,
    CLERK_DEMO_SIGN_IN_PATH: '/__clerk/demo_sign_in',
    NEXT_PUBLIC_CLERK_PROXY_URL: '/__clerk',
    CLERK_API_URL: clerkUrl,
    NEXT_PUBLIC_CLERK_SIGN_IN_URL: '/sign-in',
    NEXT_PUBLIC_CLERK_SIGN_UP_URL: '/sign-up',
    NEXT_PUBLIC_CLERK_SIGN_IN_FALLBACK_REDIRECT_URL: '/todos',
    NEXT_PUBLIC_CLERK_SIGN_UP_FALLBACK_REDIRECT_URL: '/todos',
    NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
    NEXT_PUBLIC_CLERK_KEYLESS_DISABLED: '1',
    DATABASE_URL: `postgresql://postgres:${settings.postgresPassword}@${database}`,
    DATABASE_AUTHENTICATED_URL: 'postgresql://authenticated@localhost/todos',
    NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: 'postgresql://authenticated@localhost/todos',
    NEXT_PUBLIC_SQL_URL: `http://localhost:${ports.proxy}/sql`,
    ERASER_DATABASE_URL: `postgresql://eraser:${settings.eraserPassword}@${database}`,
    PROXY_DATABASE_URL: `postgresql://authenticator:${settings.authenticatorPassword}@${database}`,
    PROXY_SESSION_KEY: settings.sessionKey,
    PROXY_JWT_PROVIDERS: JSON.stringify([provider]),
    PROXY_ALLOWED_ORIGINS: appUrl,
    PROXY_LIVE: 'on',
    // For the lab.
    PROXY_TRACE: 'on',
    LAB: 'on',
    LAB_PORT: String(ports.lab),
    LAB_URL: `http://127.0.0.1:${ports.lab}`,
  }
}
