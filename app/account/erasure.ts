import 'server-only'
import { webhookSecret } from '@/lib/auth/webhook'
import { serverEnv } from '@/lib/server-env'

/** What deleting an account needs; undefined where it is not set up, and then no account is deleted. */
export function erasure(): { secret: string; databaseUrl: string } | undefined {
  const secret = webhookSecret()
  const databaseUrl = serverEnv.eraserUrl
  return secret !== undefined && databaseUrl !== undefined ? { secret, databaseUrl } : undefined
}
