/** What the tests know about the stack under test: its addresses, and the key to its Clerk. */
import { createClerkClient } from '@clerk/backend'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { z } from 'zod'

export const ORIGIN = 'http://localhost:3100'

const variables = z.object({
  CLERK_API_URL: z.url(),
  CLERK_SECRET_KEY: z.string().min(1),
  CLERK_WEBHOOK_SIGNING_SECRET: z.string().min(1),
  DATABASE_URL: z.url(),
  NEXT_PUBLIC_CLERK_PROXY_URL: z.string().startsWith('/'),
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: z.string().min(1),
  NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: z.url(),
  NEXT_PUBLIC_SQL_URL: z.url(),
})

/** Written by the stack as it starts, so it can be read only once a test runs. */
export function stack(): z.infer<typeof variables> {
  return variables.parse(parseEnv(readFileSync('.data/test/env', 'utf8')))
}

/** Clerk's own client for its Backend API. */
export function clerkClient(): ReturnType<typeof createClerkClient> {
  const env = stack()
  return createClerkClient({
    apiUrl: env.CLERK_API_URL,
    secretKey: env.CLERK_SECRET_KEY,
    publishableKey: env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
  })
}
