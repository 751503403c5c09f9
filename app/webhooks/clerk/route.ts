/**
 * Clerk reports here that a user is gone, and their rows go too. Clerk repeats a report until it is answered
 * with 2xx; deleting what is deleted does nothing, so a report that comes twice, or is replayed, is harmless.
 */
import type { NextRequest } from 'next/server'
import { erasure } from '@/app/account/erasure'
import { verifiedEvent } from '@/lib/auth/webhook'
import { eraseUser } from '@/lib/sql/erase-user'

/** Clerk's reports are a few kilobytes. */
const MAX_BYTES = 64 * 1024

export async function POST(request: NextRequest): Promise<Response> {
  const setUp = erasure()
  if (!setUp) return answer(404, 'No webhook is set up: see CLERK_WEBHOOK_SIGNING_SECRET.')
  // Anyone can send one, so it is not read before its size is known.
  const bytes = Number(request.headers.get('content-length') ?? NaN)
  if (!(bytes <= MAX_BYTES)) return answer(413, 'The report is too long, or does not say how long.')
  const event = await verifiedEvent(request, setUp.secret)
  if (event === null) return answer(400, 'The signature is not valid.')
  if (event.type === 'user-deleted') await eraseUser(setUp.databaseUrl, event.userId)
  return new Response(null, { status: 204 })
}

function answer(status: number, message: string): Response {
  return new Response(message, { status, headers: { 'cache-control': 'no-store' } })
}
