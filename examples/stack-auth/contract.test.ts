import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StackServerApp } from '@stackframe/stack'
import { DEMO_USERS } from '../stand-in/users'
import { proveExample, type Session } from '../testing/prove-example'
import example from './example'

type Options = Partial<ConstructorParameters<typeof StackServerApp>[0]>
let open: (options?: Options) => StackServerApp

proveExample(example, ({ variables }) => {
  /** Each app of the SDK is a visitor with a memory of its own. */
  open = (options) =>
    new StackServerApp({
      projectId: variables.NEXT_PUBLIC_STACK_PROJECT_ID,
      publishableClientKey: variables.NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY,
      secretServerKey: variables.STACK_SECRET_SERVER_KEY,
      baseUrl: variables.NEXT_PUBLIC_STACK_API_URL,
      ...{ redirectMethod: 'none', tokenStore: 'memory', ...options },
    })

  const enter = async (
    attempt: (app: StackServerApp) => Promise<{ status: 'ok' } | { status: 'error'; error: Error }>,
  ): Promise<Session> => {
    const app = open()
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
        const renewed = await open({ tokenStore }).getUser()
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

test('Stack Auth: with another server key, a token tells nothing about its user', async () => {
  const app = open()
  await app.signInWithCredential({ ...DEMO_USERS.alice, noRedirect: true })
  const { accessToken, refreshToken } = await (await app.getUser({ or: 'throw' })).getAuthJson()
  const tokenStore = { accessToken: accessToken ?? '', refreshToken: refreshToken ?? '' }
  const stranger = open({ secretServerKey: 'ssk_another', tokenStore })
  await assert.rejects(stranger.getUser(), /401/)
})
