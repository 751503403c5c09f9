import createSdk from '@descope/web-js-sdk'
import { proveExample, type Session } from '../testing/prove-example'
import descope from './example'

proveExample(descope, ({ variables }) => {
  const sdk = createSdk({
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

/** The SDK reports a refusal in its answer. */
function dataOf<T>({ data, error }: { data?: T; error?: { errorDescription: string } }): T {
  if (data === undefined) throw new Error(error?.errorDescription)
  return data
}
