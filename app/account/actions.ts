'use server'

import { deleteUser } from '@/lib/auth/delete-account'
import { currentSession } from '@/lib/auth/session'
import { failed, succeeded, type Result } from '@/lib/problem'
import { erasure } from './erasure'

/** Deletes the account of the signed-in user. Their rows follow when Clerk reports it (app/webhooks). */
export async function deleteAccount(): Promise<Result<null>> {
  const session = await currentSession()
  if (!session) return failed('signed-out')
  // Without the webhook, the rows would stay.
  if (!erasure()) return failed('refused')
  try {
    await deleteUser(session.userId)
    return succeeded(null)
  } catch {
    return failed('unreachable')
  }
}
