/** Supabase's SDK for its Auth: who is signed in, and the access token that the SQL proxy takes. */
import { AuthClient } from '@supabase/auth-js'

const { VITE_SUPABASE_URL, VITE_SUPABASE_KEY } = import.meta.env

export const client = new AuthClient({
  url: `${VITE_SUPABASE_URL ?? ''}/auth/v1`,
  headers: { apikey: VITE_SUPABASE_KEY ?? '' },
  // With storageKey of this app alone: localhost's pages of one port share it.
  storageKey: 'todos-supabase',
})

/** Renewed by the SDK when less than 90 seconds are left. */
export async function currentUser() {
  const { data } = await client.getSession()
  if (data.session === null) return null
  return { email: data.session.user.email ?? '', token: data.session.access_token }
}

export async function signIn(email: string, password: string) {
  const { error } = await client.signInWithPassword({ email, password })
  if (error) throw error
}

export async function signUp(email: string, password: string) {
  const { error } = await client.signUp({ email, password })
  if (error) throw error
}

export async function signOut() {
  const { error } = await client.signOut({ scope: 'local' })
  if (error) throw error
}
