/** Signing in as a demo user with one click, where the login provider offers that: Auth0 does not. */
export function demoSignInPath(): string | undefined {
  return undefined
}
