/** What every handler works with. */
import type { Handshakes } from './handshakes'
import type { SigningKey } from './signing-key'
import type { Store } from './store'

export type Clerk = {
  /** The emulator's own origin, and the issuer of its tokens. */
  url: string
  /** Of the app's pages, the only ones that a handshake leads to. */
  appOrigin: string
  store: Store
  handshakes: Handshakes
  signingKey: SigningKey
  secretKey: string
  publishableKey: string
  assetsDir: string
  /** Ask a new user for the code that a real Clerk would e-mail. */
  verifyEmailAtSignUp: boolean
  /** Milliseconds since 1970. */
  now: () => number
}
