/**
 * Signing in as a demo user with one click, where the login provider offers that. A local stand-in does
 * (dev/clerk), and names the path at which it takes the form; a real provider has no such path.
 */
import { z } from 'zod'
import { readVariable } from '../read-variable'

const path = {
  // Of this app: a form must not send anyone elsewhere.
  schema: z
    .string()
    .regex(/^\/(?!\/)[\w/-]+$/)
    .optional(),
  expected: 'a path of this app, or nothing where there are no demo users',
  example: '/__clerk/demo_sign_in',
}

/** The `action` of the form, which sends `user` and `to`; undefined where there are no demo users. */
export function demoSignInPath(): string | undefined {
  return readVariable('CLERK_DEMO_SIGN_IN_PATH', process.env.CLERK_DEMO_SIGN_IN_PATH, path)
}
