/** Keycloak's SDK: leads to Keycloak's page and back, and keeps the access token that the SQL proxy takes in memory only. */
import Keycloak from 'keycloak-js'

const { VITE_KEYCLOAK_URL, VITE_KEYCLOAK_REALM, VITE_KEYCLOAK_CLIENT_ID } = import.meta.env

const keycloak = new Keycloak({
  url: VITE_KEYCLOAK_URL ?? '',
  realm: VITE_KEYCLOAK_REALM ?? '',
  clientId: VITE_KEYCLOAK_CLIENT_ID ?? '',
})
const home = { redirectUri: `${location.origin}/` }
// A page that is loaded anew asks Keycloak, by a redirect that shows no page, who is signed in there.
const started = keycloak.init({
  ...{ onLoad: 'check-sso', pkceMethod: 'S256', checkLoginIframe: false },
  ...home,
})

export async function currentUser() {
  if (!(await started) || !keycloak.authenticated) return null
  // Renewed when less than five seconds are left.
  const isFresh = await keycloak.updateToken(5).then(
    () => true,
    () => false,
  )
  if (!isFresh || keycloak.token === undefined) return null
  return { email: String(keycloak.tokenParsed?.email), token: keycloak.token }
}

export const redirect = (doing: 'Sign in' | 'Sign up') =>
  doing === 'Sign in' ? keycloak.login(home) : keycloak.register(home)

export const signOut = () => keycloak.logout(home)
