/** Firebase's SDK: who is signed in, and the id token that the SQL proxy takes. */
import { initializeApp } from 'firebase/app'
import {
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  getAuth,
  signInWithEmailAndPassword,
  signOut as leave,
} from 'firebase/auth'

const { VITE_FIREBASE_API_KEY, VITE_FIREBASE_PROJECT_ID, VITE_FIREBASE_EMULATOR_URL } = import.meta
  .env

export const auth = getAuth(
  initializeApp({
    apiKey: VITE_FIREBASE_API_KEY ?? '',
    projectId: VITE_FIREBASE_PROJECT_ID ?? '',
    authDomain: `${VITE_FIREBASE_PROJECT_ID ?? ''}.firebaseapp.com`,
  }),
)
// Set by the stand-in only.
if (VITE_FIREBASE_EMULATOR_URL) {
  connectAuthEmulator(auth, VITE_FIREBASE_EMULATOR_URL, { disableWarnings: true })
}

/** Renewed by the SDK when less than 30 seconds are left. */
export async function currentUser() {
  await auth.authStateReady()
  const user = auth.currentUser
  return user && { email: user.email ?? '', token: await user.getIdToken() }
}

export const signIn = (email: string, password: string) =>
  signInWithEmailAndPassword(auth, email, password)

export const signUp = (email: string, password: string) =>
  createUserWithEmailAndPassword(auth, email, password)

export const signOut = () => leave(auth)
