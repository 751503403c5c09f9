/** The people who can sign in: the demo users, and those who signed up. An address belongs to one user, whatever its case. */
import { z } from 'zod'
import { DEMO_PASSWORD } from '../../dev/clerk/demo-password'
import { hashPassword, passwordMatches } from '../../dev/clerk/password'
import { Refusal } from './refusal'
import type { Store, User } from './state'

export type Credentials = { readonly email: string; readonly password: string }

export const DEMO_USERS = {
  alice: { email: 'alice@example.com', password: DEMO_PASSWORD },
  bob: { email: 'bob@example.com', password: DEMO_PASSWORD },
} as const satisfies Record<string, Credentials>

const newUser = z.object({
  email: z.email('Enter an e-mail address.').max(256, 'That address is too long.'),
  password: z
    .string()
    .min(8, 'A password needs eight characters or more.')
    .max(128, 'That password is too long.'),
})

export type Users = {
  readonly byId: (id: string) => User | undefined
  readonly byEmail: (email: string) => User | undefined
  /** @throws Refusal (invalid_credentials) that does not tell an unknown address from a wrong password */
  readonly signIn: (credentials: Credentials) => Promise<User>
  /** @throws Refusal (email_taken, or invalid_request for what is no address or a short password) */
  readonly signUp: (credentials: Credentials) => Promise<User>
}

/**
 * @param newId makes ids as the provider does
 * @param now seconds since 1970
 */
export function openUsers(store: Store, newId: () => string, now: () => number): Users {
  const all = store.state.users
  const byEmail = (email: string) => all.find((user) => user.email === normalized(email))
  return {
    byId: (id) => all.find((user) => user.id === id),
    byEmail,
    signIn: async ({ email, password }) => {
      const user = byEmail(email)
      if (user && (await passwordMatches(password, user.passwordHash))) return user
      throw new Refusal('invalid_credentials', 'That address or that password is wrong.')
    },
    signUp: async (credentials) => {
      const parsed = newUser.safeParse({ ...credentials, email: normalized(credentials.email) })
      if (!parsed.success) {
        throw new Refusal('invalid_request', parsed.error.issues[0]?.message ?? 'Enter both.')
      }
      const { email, password } = parsed.data
      const passwordHash = await hashPassword(password)
      if (byEmail(email)) throw new Refusal('email_taken', 'That address is taken.')
      const user = { id: newId(), email, passwordHash, createdAt: now() }
      all.push(user)
      store.save()
      return user
    },
  }
}

const normalized = (email: string) => email.trim().toLowerCase()
