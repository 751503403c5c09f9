/** Makes the user's session available to pages and server actions, and sets what pages may load. */
import { clerkMiddleware } from '@clerk/nextjs/server'
import { contentSecurityPolicy } from './content-security-policy'

export const authenticate = clerkMiddleware({ contentSecurityPolicy })
