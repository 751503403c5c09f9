/** What a page may load and connect to: this app, and the SQL proxy. */
import { env } from '../env'
import { sqlAddress } from '../sql/sql-address'

/** The one other origin that a page may reach. */
export const sqlOrigin = (addresses: typeof env) => new URL(sqlAddress(addresses)).origin

/** Strict: a script runs only with this response's nonce, or when loaded by such a script. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    `connect-src 'self' ${sqlOrigin(env)}`,
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self'",
  ].join('; ')
}
