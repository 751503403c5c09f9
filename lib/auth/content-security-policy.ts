/** What a page may load and connect to. Clerk's middleware adds the hosts that it needs. */
import { env } from '../env'

/** Where the browser sends its SQL: to the proxy, or else to the host that Neon's driver derives. */
export function sqlOrigin({ sqlUrl, databaseUrl }: typeof env): string {
  if (sqlUrl) return new URL(sqlUrl).origin
  return `https://${new URL(databaseUrl).hostname.replace(/^[^.]+\./, 'apiauth.')}`
}

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
