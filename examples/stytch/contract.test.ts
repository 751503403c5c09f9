import { Client } from 'stytch'
import { proveExample, type Session } from '../testing/prove-example'
import stytch from './example'

proveExample(stytch, ({ variables }) => {
  const client = new Client({
    project_id: variables.STYTCH_PROJECT_ID,
    secret: variables.STYTCH_SECRET,
    env: variables.STYTCH_ENV,
  })
  const session_duration_minutes = 60
  const begin = async (
    signedIn: Promise<{ session_token: string; session_jwt: string }>,
  ): Promise<Session> => {
    let { session_token, session_jwt } = await signedIn
    return {
      token: async () => {
        await client.sessions.authenticateJwtLocal({ session_jwt })
        return session_jwt
      },
      refresh: async () => {
        const renewed = await client.sessions.authenticate({ session_token })
        ;({ session_token, session_jwt } = renewed)
      },
      signOut: async () => {
        await client.sessions.revoke({ session_token })
      },
    }
  }
  return {
    signIn: (credentials) =>
      begin(client.passwords.authenticate({ ...credentials, session_duration_minutes })),
    signUp: (credentials) =>
      begin(client.passwords.create({ ...credentials, session_duration_minutes })),
  }
})
