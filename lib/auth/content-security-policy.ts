/** What a page may load and connect to. Clerk's middleware adds the hosts that it needs. */
import { env } from '../env'
import { sqlAddress } from '../sql/sql-address'

/** The one other origin that a page may reach. */
export const sqlOrigin = (addresses: typeof env) => new URL(sqlAddress(addresses)).origin

/**
 * Strict: a script runs only with this response's nonce, or when loaded by such a script. Styles are not
 * restricted, because Clerk's components insert theirs at run time.
 */
export const contentSecurityPolicy = {
  strict: true,
  directives: {
    'base-uri': ['none'],
    'connect-src': [sqlOrigin(env)],
    'frame-ancestors': ['none'],
    'img-src': ['data:'],
    'object-src': ['none'],
  },
}
