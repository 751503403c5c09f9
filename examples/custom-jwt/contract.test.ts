import { proveExample } from '../testing/prove-example'
import * as auth from './lib/auth'
import example from './example'

proveExample(example, ({ variables }) => {
  process.env.AUTH_URL = variables.AUTH_URL
  const sessionOf = (started: auth.Session) => {
    let [current, former] = [started, started]
    return {
      token: () => Promise.resolve(current.token),
      refresh: async () => {
        former = current
        current = await auth.refresh(current)
      },
      replay: () => auth.refresh(former),
      signOut: () => auth.signOut(current),
    }
  }
  return {
    signIn: async ({ email, password }) => sessionOf(await auth.signIn(email, password)),
    signUp: async ({ email, password }) => sessionOf(await auth.signUp(email, password)),
  }
})
