import { initializeApp } from 'firebase/app'
import {
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  initializeAuth,
  inMemoryPersistence,
  signInWithEmailAndPassword,
  signOut,
  type Auth,
  type UserCredential,
} from 'firebase/auth'
import { proveExample } from '../testing/prove-example'
import example from './example'

proveExample(example, ({ variables }) => {
  let opened = 0
  const enter = async (logIn: (auth: Auth) => Promise<UserCredential>) => {
    const app = initializeApp(
      { apiKey: variables.VITE_FIREBASE_API_KEY, projectId: variables.VITE_FIREBASE_PROJECT_ID },
      `app-${++opened}`,
    )
    const auth = initializeAuth(app, { persistence: inMemoryPersistence })
    connectAuthEmulator(auth, variables.VITE_FIREBASE_EMULATOR_URL ?? '', { disableWarnings: true })
    await logIn(auth)
    const user = () => {
      if (auth.currentUser === null) throw new Error('Nobody is signed in.')
      return auth.currentUser
    }
    return {
      token: () => user().getIdToken(),
      refresh: async () => {
        await user().getIdToken(true)
      },
      // Firebase forgets the session here only: its refresh token would count until it is revoked.
      signOut: () => signOut(auth),
    }
  }
  return {
    signIn: ({ email, password }) =>
      enter((auth) => signInWithEmailAndPassword(auth, email, password)),
    signUp: ({ email, password }) =>
      enter((auth) => createUserWithEmailAndPassword(auth, email, password)),
  }
})
