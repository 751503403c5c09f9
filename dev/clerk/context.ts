/** What every handler works with. */
import type { Handshakes } from './handshakes'
import type { SigningKey } from './signing-key'
import type { Store } from './store'
import type { DemoUsers } from './users'
import type { Webhooks } from './webhooks'

export type Clerk = {
  /** The emulator's own origin, and the issuer of its tokens. */
  url: string
  /** Of the app's pages, the only ones that a handshake leads to. */
  appOrigin: string
  store: Store
  handshakes: Handshakes
  signingKey: SigningKey
  /** Undefined where nobody asked to be told. */
  webhooks: Webhooks | undefined
  secretKey: string
  publishableKey: string
  assetsDir: string
  /** Ask a new user for the code that a real Clerk would e-mail. */
  verifyEmailAtSignUp: boolean
  demoUsers: DemoUsers
  /** Milliseconds since 1970. */
  now: () => number
}
