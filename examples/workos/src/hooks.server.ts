/** Reads the session of each request, and renews a token that has expired, before a page sees either. */
import { authKitHandle } from '@workos/authkit-sveltekit'

// WORKOS_… of the environment configure it.
export const handle = authKitHandle()
