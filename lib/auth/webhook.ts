/**
 * What Clerk reports about a user: signed with a secret that only Clerk and this app know, and no older than
 * five minutes. A report that comes twice, or is sent again in that time, must do no harm.
 */
import 'server-only'
import { verifyWebhook } from '@clerk/nextjs/webhooks'
import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { readVariable } from '../read-variable'

export type UserEvent = { type: 'user-deleted'; userId: string } | { type: 'other' }

const signingSecret = {
  schema: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/)
    .optional(),
  expected: 'the signing secret of the webhook, or nothing where Clerk has none',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}

/** Undefined where no webhook is set up: then nothing may be believed. */
export function webhookSecret(): string | undefined {
  const value = process.env.CLERK_WEBHOOK_SIGNING_SECRET
  return readVariable('CLERK_WEBHOOK_SIGNING_SECRET', value, signingSecret)
}

const deletedUser = z.object({ id: z.string().min(1).max(255) })

/** @returns null unless Clerk has signed the request. */
export async function verifiedEvent(
  request: NextRequest,
  secret: string,
): Promise<UserEvent | null> {
  // Why a signature is not valid is of use to an attacker only.
  const event = await verifyWebhook(request, { signingSecret: secret }).catch(() => null)
  if (event === null) return null
  if (event.type !== 'user.deleted') return { type: 'other' }
  return { type: 'user-deleted', userId: deletedUser.parse(event.data).id }
}
