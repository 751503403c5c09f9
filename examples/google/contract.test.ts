import { randomUUID } from 'node:crypto'
import { proveExample } from '../testing/prove-example'
import { newVisitor } from '../testing/visitor'
import example from './example'

proveExample(example, async ({ variables, appOrigin }) => {
  Object.assign(process.env, variables, { PORT: new URL(appOrigin).port })
  const auth = await import('./lib/auth')
  return {
    signIn: async (who) => {
      const state = randomUUID()
      const back = await newVisitor().logIn(await auth.redirect(state), who)
      let session = await auth.callback(state, back.searchParams)
      return {
        token: () => Promise.resolve(auth.userOf(session).token),
        refresh: async () => {
          session = await auth.refresh(session)
        },
        signOut: () => auth.signOut(session),
      }
    },
  }
})
