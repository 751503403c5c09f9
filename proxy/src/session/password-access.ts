/** The way to Postgres by password: a session of the role's own, from the login to the end. */
import type { RateLimit } from '../limits/rate-limit'
import type { PasswordSessions } from '../password/sessions'
import type { Credentials } from '../password/login'
import { Cancellation } from '../cancellation'
import { ConnectionLost } from '../postgres/flight'
import type { Access } from './access'

export type PasswordAccess = Access & { readonly close: () => Promise<void> }

/** @throws ProxyError password_refused and others */
export async function openPasswordAccess(
  credentials: Credentials,
  sessions: PasswordSessions,
  rate: RateLimit,
): Promise<PasswordAccess> {
  const { role } = credentials
  const user = `${role} by password`
  const session = await sessions.acquire(credentials, new Cancellation())
  const { connection } = session
  return {
    role,
    user,
    gate: undefined,
    isPinned: true,
    parameters: connection.parameters,
    check: () => {
      rate.take(user)
      return Promise.resolve()
    },
    acquire: () =>
      connection.isOpen
        ? Promise.resolve(connection)
        : Promise.reject(new ConnectionLost('connection closed')),
    begin: () => [],
    mayBeginAgain: () => Promise.resolve(false),
    release: () => Promise.resolve(),
    renew: () => Promise.resolve(),
    close: () => sessions.release(session),
  }
}
