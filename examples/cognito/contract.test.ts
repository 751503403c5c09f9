import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js'
import { proveExample } from '../testing/prove-example'
import type { Credentials } from '../stand-in/users'
import example from './example'

/** In place of a browser's, one for each session. */
function newStorage() {
  const kept = new Map<string, string>()
  return {
    setItem: (key: string, value: string) => void kept.set(key, value),
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => void kept.delete(key),
    clear: () => {
      kept.clear()
    },
  }
}

proveExample(example, ({ variables }) => {
  const newPool = () =>
    new CognitoUserPool({
      UserPoolId: variables.VITE_COGNITO_USER_POOL_ID,
      ClientId: variables.VITE_COGNITO_CLIENT_ID,
      endpoint: variables.VITE_COGNITO_ENDPOINT ?? '',
      Storage: newStorage(),
    })

  const signIn = async ({ email, password }: Credentials) => {
    const pool = newPool()
    const user = new CognitoUser({ Username: email, Pool: pool, Storage: newStorage() })
    user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
    let session = await new Promise<CognitoUserSession>((onSuccess, onFailure) => {
      const details = new AuthenticationDetails({ Username: email, Password: password })
      user.authenticateUser(details, { onSuccess, onFailure })
    })
    return {
      token: () => Promise.resolve(session.getAccessToken().getJwtToken()),
      refresh: async () => {
        session = await new Promise((resolve, reject) => {
          user.refreshSession(
            session.getRefreshToken(),
            (error: unknown, renewed: CognitoUserSession) => {
              if (error) reject(error as Error)
              else resolve(renewed)
            },
          )
        })
      },
      signOut: () =>
        new Promise<void>((resolve, reject) => {
          user.signOut((error?: Error) => {
            if (error) reject(error)
            else resolve()
          })
        }),
    }
  }
  return {
    signIn,
    signUp: async (who) => {
      await new Promise<void>((resolve, reject) => {
        newPool().signUp(who.email, who.password, [], [], (error) => {
          if (error) reject(error)
          else resolve()
        })
      })
      return signIn(who)
    },
  }
})
