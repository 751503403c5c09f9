/** What every handler works with. */
import type { SigningKey } from './signing-key'
import type { Store } from './store'

export type Clerk = {
  /** The emulator's own origin, and the issuer of its tokens. */
  url: string
  store: Store
  signingKey: SigningKey
  secretKey: string
  publishableKey: string
  assetsDir: string
  /** Ask a new user for the code that a real Clerk would e-mail. */
  verifyEmailAtSignUp: boolean
  /** Milliseconds since 1970. */
  now: () => number
}
