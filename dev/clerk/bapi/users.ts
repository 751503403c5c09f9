/** Users, as servers and tests see and make them. */
import { z } from 'zod'
import { ok } from '../reply'
import { parseFields } from '../request'
import { userJson } from '../resources/user'
import type { Handler } from '../router'
import { publicMetadata, type Metadata, type User } from '../state'
import { createUser, deleteUser, hashNewPassword, personName, userById } from '../users'

export const getUser: Handler = (clerk, { params }) =>
  ok(backendUserJson(userById(clerk.store, params.id ?? '')))

const page = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(10),
  offset: z.coerce.number().int().min(0).default(0),
})

/** Newest first, `email_address` and `user_id` (each may be repeated) narrow them down. */
export const listUsers: Handler = (clerk, { query }) => {
  const { limit, offset } = parseFields(page, Object.fromEntries(query))
  return ok(
    matchingUsers([...clerk.store.users.values()], query)
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(offset, offset + limit)
      .map(backendUserJson),
  )
}

export const countUsers: Handler = (clerk, { query }) => {
  const total = matchingUsers([...clerk.store.users.values()], query).length
  return ok({ object: 'total_count', total_count: total })
}

const newUser = z.object({
  email_address: z.tuple([z.email().max(254)]),
  password: z.string().optional(),
  first_name: personName.nullish(),
  last_name: personName.nullish(),
  public_metadata: publicMetadata.optional(),
})

/** An address that a server gives counts as verified, as with Clerk. */
export const postUser: Handler = async (clerk, request) => {
  const given = parseFields(newUser, request.body)
  const user = createUser(clerk, {
    email: given.email_address[0],
    emailVerified: true,
    publicMetadata: given.public_metadata ?? {},
    firstName: given.first_name ?? null,
    lastName: given.last_name ?? null,
    passwordHash: given.password === undefined ? null : await hashNewPassword(given.password),
  })
  clerk.store.save()
  return ok(backendUserJson(user))
}

const metadata = z.object({ public_metadata: publicMetadata.optional() })

/** Tokens carry the new metadata from the next one on. */
export const patchUserMetadata: Handler = (clerk, request) => {
  const user = userById(clerk.store, request.params.id ?? '')
  const given = parseFields(metadata, request.body).public_metadata ?? {}
  user.publicMetadata = merge(user.publicMetadata, given)
  user.updatedAt = clerk.now()
  clerk.store.save()
  return ok(backendUserJson(user))
}

/** Deep, as Clerk does it: null takes a key away. */
function merge(old: Metadata, given: Metadata): Metadata {
  const merged = { ...old }
  for (const [key, value] of Object.entries(given)) {
    const inner = publicMetadata.safeParse(value)
    if (value === null) Reflect.deleteProperty(merged, key)
    else merged[key] = inner.success ? merge(asMetadata(old[key]), inner.data) : value
  }
  return merged
}

const asMetadata = (value: unknown): Metadata => publicMetadata.catch({}).parse(value)

export const removeUser: Handler = (clerk, { params }) => {
  const user = userById(clerk.store, params.id ?? '')
  deleteUser(clerk, user)
  return ok({ object: 'user', id: user.id, deleted: true })
}

function matchingUsers(users: User[], query: URLSearchParams): User[] {
  const emails = query.getAll('email_address').map((email) => email.toLowerCase())
  const ids = query.getAll('user_id')
  return users.filter(
    (user) =>
      (emails.length === 0 || emails.includes(user.email)) &&
      (ids.length === 0 || ids.includes(user.id)),
  )
}

function backendUserJson(user: User) {
  return {
    ...userJson(user),
    banned: false,
    locked: false,
    private_metadata: {},
    last_active_at: user.lastSignInAt,
    locale: null,
  }
}
