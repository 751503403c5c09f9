import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, StytchError } from 'stytch'
import { DEMO_USERS } from '../stand-in/users'
import { proveExample, type Session } from '../testing/prove-example'
import stytch from './example'

const session_duration_minutes = 60
let clientWith: (secret: string) => Client

proveExample(stytch, ({ variables }) => {
  clientWith = (secret) =>
    new Client({
      ...{ project_id: variables.STYTCH_PROJECT_ID, secret, env: variables.STYTCH_ENV },
    })
  const client = clientWith(variables.STYTCH_SECRET)
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

test('Stytch: without the project’s secret, a right password signs nobody in', async () => {
  const stranger = clientWith('not the secret')
  await assert.rejects(
    stranger.passwords.authenticate({ ...DEMO_USERS.alice, session_duration_minutes }),
    (error: unknown) => error instanceof StytchError && error.status_code === 401,
  )
})
