/** Sends one request of SQL, and tells its observer of the statements in it. */
import { statementsIn, type Observe } from './sent-statement'
import type { Respond } from './user-database'

const timeoutMs = 10_000

type Ways = { observe?: Observe | undefined; respond?: Respond | undefined }

export async function send(
  url: string,
  init: RequestInit,
  { observe, respond = post }: Ways,
): Promise<Response> {
  const sentAt = performance.now()
  try {
    return await respond(url, init)
  } finally {
    if (observe && typeof init.body === 'string') {
      const ms = performance.now() - sentAt
      for (const statement of statementsIn(init.body)) observe({ ...statement, ms })
    }
  }
}

function post(url: string, init: RequestInit): Promise<Response> {
  // No cache may store a user's rows. Neither driver has a timeout of its own.
  return fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })
}
