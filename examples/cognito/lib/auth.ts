/** Amazon's SDK for Cognito's user pools: who is signed in, and the access token that the SQL proxy takes. */
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js'

const { VITE_COGNITO_USER_POOL_ID, VITE_COGNITO_CLIENT_ID, VITE_COGNITO_ENDPOINT } = import.meta.env

const pool = new CognitoUserPool({
  UserPoolId: VITE_COGNITO_USER_POOL_ID ?? '',
  ClientId: VITE_COGNITO_CLIENT_ID ?? '',
  // Set by the stand-in only.
  ...(VITE_COGNITO_ENDPOINT ? { endpoint: VITE_COGNITO_ENDPOINT } : {}),
})

/** Renewed by the SDK once it has ended. */
export async function currentUser() {
  const user = pool.getCurrentUser()
  if (user === null) return null
  const session = await new Promise<CognitoUserSession | null>((resolve) => {
    user.getSession((_: unknown, found: CognitoUserSession | null) => {
      resolve(found)
    })
  })
  return (
    session && {
      email: String(session.getIdToken().payload.email),
      token: session.getAccessToken().getJwtToken(),
    }
  )
}

export function signIn(email: string, password: string): Promise<unknown> {
  const user = new CognitoUser({ Username: email, Pool: pool })
  // By SRP, the default, the password would not leave the browser; the stand-in knows this flow only.
  if (VITE_COGNITO_ENDPOINT) user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
  return new Promise((onSuccess, onFailure) => {
    const details = new AuthenticationDetails({ Username: email, Password: password })
    user.authenticateUser(details, { onSuccess, onFailure })
  })
}

/** For a pool whose users need not confirm their address. */
export async function signUp(email: string, password: string): Promise<unknown> {
  const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })]
  await new Promise<void>((resolve, reject) => {
    pool.signUp(email, password, attributes, [], (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
  return signIn(email, password)
}

/** Its refresh token counts no more, either. */
export function signOut(): Promise<void> {
  return new Promise((resolve) => {
    const user = pool.getCurrentUser()
    if (user === null) resolve()
    else user.signOut(resolve)
  })
}
