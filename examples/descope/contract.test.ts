import assert from 'node:assert/strict'
import { test } from 'node:test'
import createSdk from '@descope/web-js-sdk'
import { DEMO_USERS } from '../stand-in/users'
import { proveExample, type Session } from '../testing/prove-example'
import descope from './example'

let sdk: ReturnType<typeof createSdk>

proveExample(descope, ({ variables }) => {
  sdk = createSdk({
    projectId: variables.NEXT_PUBLIC_DESCOPE_PROJECT_ID,
    baseUrl: variables.NEXT_PUBLIC_DESCOPE_BASE_URL,
  })
  const begin = async (answer: ReturnType<typeof sdk.password.signIn>): Promise<Session> => {
    const { refreshJwt, ...begun } = dataOf(await answer)
    let { sessionJwt } = begun
    return {
      token: () => Promise.resolve(sessionJwt),
      refresh: async () => {
        sessionJwt = dataOf(await sdk.refresh(refreshJwt)).sessionJwt
      },
      signOut: async () => {
        await sdk.logout(refreshJwt)
      },
    }
  }
  return {
    signIn: ({ email, password }) => begin(sdk.password.signIn(email, password)),
    signUp: ({ email, password }) => begin(sdk.password.signUp(email, password)),
  }
})

test('Descope: the token of a session, which SQL is sent with, renews no session', async () => {
  const { email, password } = DEMO_USERS.alice
  const { sessionJwt } = dataOf(await sdk.password.signIn(email, password))
  const { ok, code } = await sdk.refresh(sessionJwt)
  assert.deepEqual({ ok, code }, { ok: false, code: 401 })
})

/** The SDK reports a refusal in its answer. */
function dataOf<T>({ data, error }: { data?: T; error?: { errorDescription: string } }): T {
  if (data === undefined) throw new Error(error?.errorDescription)
  return data
}
