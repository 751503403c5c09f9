/** What the local Clerk remembers between runs, and the shape of the file that keeps it. */
import { z } from 'zod'

/** Milliseconds since 1970. */
const time = z.number().int()

export const publicMetadata = z.record(z.string(), z.json())

const user = z.object({
  id: z.string(),
  /** Lower case. */
  email: z.string(),
  /** Files from before this was kept showed every address as verified. */
  emailVerified: z.boolean().default(true),
  /** A code to verify it was asked for in the profile. */
  emailCodeSent: z.boolean().default(false),
  /** Written by the Backend API only, and part of session tokens. */
  publicMetadata: publicMetadata.default({}),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  passwordHash: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
  lastSignInAt: time.nullable(),
})

const session = z.object({
  id: z.string(),
  userId: z.string(),
  createdAt: time,
  lastActiveAt: time,
  expireAt: time,
})

const signIn = z.object({
  id: z.string(),
  userId: z.string(),
  emailCodeSent: z.boolean(),
})

const signUp = z.object({
  id: z.string(),
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  emailCodeSent: z.boolean(),
  passwordHash: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
})

/** One browser: what it is in the middle of, and who is signed in there (one session at a time). */
const client = z.object({
  id: z.string(),
  /** The secret that the browser proves itself with (Clerk's “dev browser” token). */
  devBrowser: z.string(),
  session: session.nullable(),
  signIn: signIn.nullable(),
  signUp: signUp.nullable(),
  createdAt: time,
  /** The last sign-in or sign-out: session tokens older than this are void. */
  updatedAt: time,
})

/** A one-time sign-in token that the Backend API handed out. */
const ticket = z.object({
  id: z.string(),
  userId: z.string(),
  /** Base64url SHA-256 of the token. */
  digest: z.string(),
  expireAt: time,
})

/** A webhook that the app has not taken yet. */
const webhook = z.object({ id: z.string(), body: z.string() })

export const stateFile = z.object({
  version: z.literal(1),
  signingKey: z.object({ kid: z.string(), pkcs8: z.string() }),
  users: z.array(user),
  clients: z.array(client),
  tickets: z.array(ticket),
  webhooks: z.array(webhook).default([]),
})

export type StateFile = z.infer<typeof stateFile>
export type Metadata = z.infer<typeof publicMetadata>
export type User = z.infer<typeof user>
export type Session = z.infer<typeof session>
export type SignIn = z.infer<typeof signIn>
export type SignUp = z.infer<typeof signUp>
export type Client = z.infer<typeof client>
export type Ticket = z.infer<typeof ticket>
export type PendingWebhook = z.infer<typeof webhook>
