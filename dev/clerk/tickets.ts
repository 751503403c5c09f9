/** One-time sign-in tokens, which a server hands out through the Backend API; kept as digests. */
import { createHash, randomBytes } from 'node:crypto'
import type { Clerk } from './context'
import { ClerkError } from './errors'
import { newId } from './ids'
import type { Ticket, User } from './state'
import { userById } from './users'

/** Clerk's default: 30 days. */
export const TICKET_SECONDS = 30 * 24 * 60 * 60

export function issueTicket(clerk: Clerk, user: User, seconds: number) {
  forgetExpired(clerk)
  const token = randomBytes(32).toString('base64url')
  const ticket: Ticket = {
    id: newId('sit'),
    userId: user.id,
    digest: digest(token),
    expireAt: clerk.now() + seconds * 1000,
  }
  clerk.store.tickets.set(ticket.digest, ticket)
  clerk.store.save()
  return { ticket, token }
}

/** @throws ClerkError for a token that is unknown, used or expired. */
export function redeemTicket(clerk: Clerk, token: string): User {
  const { tickets } = clerk.store
  const ticket = tickets.get(digest(token))
  if (ticket) tickets.delete(ticket.digest)
  if (ticket && ticket.expireAt > clerk.now()) return userById(clerk.store, ticket.userId)
  throw new ClerkError(
    400,
    'ticket_invalid_code',
    'This link is no longer valid or has already been used.',
  )
}

function forgetExpired({ store, now }: Clerk) {
  for (const ticket of store.tickets.values()) {
    if (ticket.expireAt <= now()) store.tickets.delete(ticket.digest)
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
