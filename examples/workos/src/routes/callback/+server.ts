import { authKit } from '@workos/authkit-sveltekit'
import type { RequestHandler } from './$types'

// Within the request: outside of one, `vite build` would need the variables.
export const GET: RequestHandler = (event) => authKit.handleCallback()(event)
