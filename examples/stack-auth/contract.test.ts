import assert from 'node:assert/strict'
import { StackServerApp } from '@stackframe/stack'
import { proveExample, type Session } from '../testing/prove-example'
import example from './example'

proveExample(example, ({ variables }) => {
  const project = {
    projectId: variables.NEXT_PUBLIC_STACK_PROJECT_ID,
    publishableClientKey: variables.NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY,
    secretServerKey: variables.STACK_SECRET_SERVER_KEY,
    baseUrl: variables.NEXT_PUBLIC_STACK_API_URL,
    redirectMethod: 'none',
  } as const

  /** Each app of the SDK is a visitor with a memory of its own. */
  const enter = async (
    attempt: (app: StackServerApp) => Promise<{ status: 'ok' } | { status: 'error'; error: Error }>,
  ): Promise<Session> => {
    const app = new StackServerApp({ ...project, tokenStore: 'memory' })
    const result = await attempt(app)
    if (result.status === 'error') throw result.error
    const user = await app.getUser({ or: 'throw' })
    let tokens = await user.getAuthJson()
    const refreshToken = tokens.refreshToken ?? ''
    return {
      token: () => Promise.resolve(tokens.accessToken ?? ''),
      refresh: async () => {
        // As when the access token has expired.
        const tokenStore = { accessToken: '', refreshToken }
        const app = new StackServerApp({ ...project, tokenStore })
        const renewed = await app.getUser()
        assert.ok(renewed, 'the session is not renewed')
        tokens = await renewed.getAuthJson()
      },
      signOut: () => user.signOut(),
    }
  }
  return {
    signIn: (who) => enter((app) => app.signInWithCredential({ ...who, noRedirect: true })),
    signUp: (who) =>
      enter((app) =>
        app.signUpWithCredential({ ...who, noRedirect: true, noVerificationCallback: true }),
      ),
  }
})
