/** Tokens for tests: one that signs a user in once, and one that a real Clerk skips its bot check for. */
import { z } from 'zod'
import { newId } from '../ids'
import { ok } from '../reply'
import { parseFields } from '../request'
import type { Handler } from '../router'
import { issueTicket, TICKET_SECONDS } from '../tickets'
import { userById } from '../users'

const fields = z.object({
  user_id: z.string(),
  expires_in_seconds: z.number().int().min(1).max(TICKET_SECONDS).default(TICKET_SECONDS),
})

export const createSignInToken: Handler = (clerk, request) => {
  const given = parseFields(fields, request.body)
  const user = userById(clerk.store, given.user_id)
  const { ticket, token } = issueTicket(clerk, user, given.expires_in_seconds)
  const now = clerk.now()
  return ok({
    object: 'sign_in_token',
    id: ticket.id,
    user_id: user.id,
    token,
    status: 'pending',
    url: null,
    created_at: now,
    updated_at: now,
  })
}

/** There is no bot check here: any token will do. */
export const createTestingToken: Handler = (clerk) =>
  ok({
    object: 'testing_token',
    token: newId('testing_token'),
    expires_at: Math.floor(clerk.now() / 1000) + 60 * 60,
  })
