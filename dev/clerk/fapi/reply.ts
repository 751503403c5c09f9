/** The two envelopes of Clerk's Frontend API. */
import { requireClient } from '../browser'
import type { Clerk } from '../context'
import { ok, type Reply } from '../reply'
import type { ClerkRequest } from '../request'
import { clientJson } from '../resources/client'

/** An answer alone. */
export function read(response: unknown): Reply {
  return ok({ response, client: null })
}

/** An answer with the browser's state after it: what clerk-js updates itself from. */
export async function changed(
  clerk: Clerk,
  request: ClerkRequest,
  response: unknown,
): Promise<Reply> {
  const client = await clientJson(clerk, requireClient(clerk, request), request.pageOrigin)
  return ok({ response, client })
}
