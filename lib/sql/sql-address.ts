/** Where SQL is sent: to the proxy, or else to the host that Neon's driver derives. */
import type { Addresses } from './user-database'

export function sqlAddress({ sqlUrl, databaseUrl }: Addresses): string {
  if (sqlUrl) return sqlUrl
  return `https://${new URL(databaseUrl).hostname.replace(/^[^.]+\./, 'apiauth.')}/sql`
}
