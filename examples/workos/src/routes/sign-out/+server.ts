import { authKit } from '@workos/authkit-sveltekit'
import type { RequestHandler } from './$types'

/** Ends the session here and at WorkOS, which sends people back to the address that its console knows. */
export const POST: RequestHandler = (event) => authKit.signOut(event)
