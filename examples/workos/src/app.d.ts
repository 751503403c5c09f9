import type { AuthKitAuth } from '@workos/authkit-sveltekit'

declare global {
  namespace App {
    // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface adds to SvelteKit's own
    interface Locals {
      auth: AuthKitAuth
    }
  }
}
