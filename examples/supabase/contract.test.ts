import { AuthClient } from '@supabase/auth-js'
import { proveExample } from '../testing/prove-example'
import example from './example'

proveExample(example, ({ variables }) => {
  const enter = async (
    log: (client: InstanceType<typeof AuthClient>) => Promise<{ error: Error | null }>,
  ) => {
    const client = new AuthClient({
      url: `${variables.VITE_SUPABASE_URL}/auth/v1`,
      headers: { apikey: variables.VITE_SUPABASE_KEY },
      ...{ autoRefreshToken: false, persistSession: false },
    })
    const check = ({ error }: { error: Error | null }) => {
      if (error) throw error
    }
    check(await log(client))
    const current = async () => {
      const { data } = await client.getSession()
      if (data.session === null) throw new Error('Nobody is signed in.')
      return data.session
    }
    let former = await current()
    let last = former
    return {
      token: async () => (await current()).access_token,
      refresh: async () => {
        former = last
        check(await client.refreshSession(last))
        last = await current()
      },
      replay: async () => {
        check(await client.refreshSession(former))
      },
      signOut: async () => {
        check(await client.signOut({ scope: 'local' }))
      },
    }
  }
  return {
    signIn: (who) => enter((client) => client.signInWithPassword(who)),
    signUp: (who) => enter((client) => client.signUp(who)),
  }
})
