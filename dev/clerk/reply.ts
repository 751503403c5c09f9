/** What a handler answers, and how it is written to the wire. */
import type { ServerResponse } from 'node:http'

export type Reply = {
  status: number
  headers?: Record<string, string | string[]>
  /** Sent as it is when text or bytes, as JSON otherwise. */
  body?: unknown
}

export function ok(body: unknown): Reply {
  return { status: 200, body }
}

export function writeReply(response: ServerResponse, { status, headers, body }: Reply) {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body)
  response.writeHead(status, {
    'cache-control': 'no-store',
    // Without kept connections, a restart of the emulator cannot cut one off.
    connection: 'close',
    // No charset: Clerk's backend SDK compares the whole value.
    ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(isRaw ? body : JSON.stringify(body))
}
