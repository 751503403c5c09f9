/** Sessions, as servers see and end them. */
import { endSession } from '../browser'
import type { Clerk } from '../context'
import { notFound } from '../errors'
import { ok } from '../reply'
import type { Handler } from '../router'
import type { Client, Session } from '../state'

export const getBackendSession: Handler = (clerk, { params }) => {
  const { client, session } = findSession(clerk, params.id ?? '')
  const status = session.expireAt > clerk.now() ? 'active' : 'expired'
  return ok(backendSessionJson(client, session, status))
}

/** Signs a user out of one browser: its tokens run out within a minute, and it gets no new one. */
export const revokeSession: Handler = (clerk, { params }) => {
  const { client, session } = findSession(clerk, params.id ?? '')
  endSession(clerk, client)
  return ok(backendSessionJson(client, session, 'revoked'))
}

function findSession(clerk: Clerk, id: string): { client: Client; session: Session } {
  for (const client of clerk.store.clients.values()) {
    if (client.session?.id === id) return { client, session: client.session }
  }
  throw notFound('The session')
}

function backendSessionJson(client: Client, session: Session, status: string) {
  return {
    object: 'session',
    id: session.id,
    client_id: client.id,
    user_id: session.userId,
    status,
    last_active_at: session.lastActiveAt,
    expire_at: session.expireAt,
    abandon_at: session.expireAt,
    created_at: session.createdAt,
    updated_at: session.lastActiveAt,
  }
}
