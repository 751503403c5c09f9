/** Finding and making users; an e-mail address belongs to one user, whatever its case. */
import { z } from 'zod'
import type { Clerk } from './context'
import { DEMO_PASSWORD } from './demo-password'
import { ClerkError, formError } from './errors'
import { newId } from './ids'
import { hashPassword } from './password'
import type { User } from './state'
import type { Store } from './store'

/** A first or last name in a form; an empty field is a name not given. */
export const personName = z
  .string()
  .trim()
  .max(256)
  .transform((name) => (name === '' ? null : name))

/** Clerk's own defaults. */
export const PASSWORD_LENGTH = { min: 8, max: 72 }

export function findUserByEmail(store: Store, email: string): User | undefined {
  const wanted = normalizeEmail(email)
  return [...store.users.values()].find((user) => user.email === wanted)
}

/** @throws ClerkError when the address is taken by now. */
export function createUser(clerk: Pick<Clerk, 'store' | 'now'>, fields: NewUser): User {
  assertEmailIsFree(clerk.store, fields.email)
  const now = clerk.now()
  const user = {
    id: newId('user'),
    ...fields,
    email: normalizeEmail(fields.email),
    emailCodeSent: false,
    createdAt: now,
    updatedAt: now,
    lastSignInAt: null,
  }
  clerk.store.users.set(user.id, user)
  return user
}

type SetHere = 'id' | 'emailCodeSent' | 'createdAt' | 'updatedAt' | 'lastSignInAt'
export type NewUser = Omit<User, SetHere> & { id?: string }

export function assertEmailIsFree(store: Store, email: string) {
  if (!findUserByEmail(store, email)) return
  throw formError(
    'form_identifier_exists',
    'That email address is taken. Please try another.',
    'email_address',
  )
}

/** @throws ClerkError when the password is too short or too long. */
export async function hashNewPassword(password: string, param = 'password'): Promise<string> {
  const { min, max } = PASSWORD_LENGTH
  if (password.length >= min && password.length <= max) return hashPassword(password)
  throw formError(
    'form_password_length_too_short',
    `Passwords must be ${min} to ${max} characters long.`,
    param,
  )
}

/** @throws ClerkError when the user is gone. */
export function userById(store: Store, id: string): User {
  const user = store.users.get(id)
  if (!user) throw new ClerkError(404, 'resource_not_found', 'The user was not found.')
  return user
}

/** Their sessions end with them, and the app is told. */
export function deleteUser({ store, webhooks }: Clerk, { id }: User) {
  store.users.delete(id)
  for (const client of store.clients.values()) {
    if (client.session?.userId === id) client.session = null
    if (client.signIn?.userId === id) client.signIn = null
  }
  for (const [digest, ticket] of store.tickets) {
    if (ticket.userId === id) store.tickets.delete(digest)
  }
  store.save()
  webhooks?.userDeleted(id)
}

/** By the names that the landing page knows them by. */
export type DemoUsers = Readonly<
  Record<string, Pick<User, 'id' | 'email' | 'firstName' | 'publicMetadata'>>
>

/** Their addresses are verified, and they all have the demo password. */
export async function addDemoUsers(
  clerk: Pick<Clerk, 'store' | 'now'>,
  users: DemoUsers,
): Promise<void> {
  const passwordHash = await hashPassword(DEMO_PASSWORD)
  for (const user of Object.values(users)) {
    createUser(clerk, { ...user, emailVerified: true, lastName: null, passwordHash })
  }
  clerk.store.save()
}

function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
