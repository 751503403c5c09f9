/**
 * Whether a browser says that it is signed in, from its cookies alone and with no call to Auth0. It decides
 * what a public page offers, never what it may show: anyone can write a cookie.
 */

/** The SDK's session; a large one is cut into several cookies. */
export function saysSignedIn(cookies: Readonly<Partial<Record<string, string>>>): boolean {
  return (cookies.__session ?? cookies.__session__0 ?? '') !== ''
}
