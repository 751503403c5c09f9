/** SuperTokens for this app: signing in and up by e-mail and password, and sessions in cookies. */
import SuperTokens from 'supertokens-node'
import EmailPassword from 'supertokens-node/recipe/emailpassword'
import Session from 'supertokens-node/recipe/session'

/** Tokens are of the issuer API_DOMAIN/auth, which serves their keys, too (/auth/jwt/jwks.json). */
export function initAuth(): void {
  const { SUPERTOKENS_CONNECTION_URI = '', SUPERTOKENS_API_KEY = '', API_DOMAIN = '' } = process.env
  SuperTokens.init({
    framework: 'express',
    supertokens: { connectionURI: SUPERTOKENS_CONNECTION_URI, apiKey: SUPERTOKENS_API_KEY },
    appInfo: { appName: 'Todos', apiDomain: API_DOMAIN, websiteDomain: API_DOMAIN },
    recipeList: [EmailPassword.init(), Session.init()],
    telemetry: false,
  })
}
