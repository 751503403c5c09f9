/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { createHash } from 'node:crypto'
import { errorBody, type ProxyError } from '../errors'

/** Answers a new client at once, and keeps a connection from counting as idle. */
export const HEARTBEAT = Buffer.from(':\n\n')

const END = Buffer.from('\n\n')

/** The same answer has the same id, so that a client that has it is not sent it again. */
export function answerId(bytes: readonly Buffer[]): string {
  const hash = createHash('sha256')
  for (const part of bytes) hash.update(part)
  return hash.digest('base64url').slice(0, 22)
}

/** @param bytes JSON without line breaks, as every answer is written */
export function answerEvent(id: string, bytes: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(`id: ${id}\nevent: answer\ndata: `), ...bytes, END])
}

/** `error`: asking again would not help. `end`: come back, with a new token if this one has ended. */
export function lastEvent(kind: 'error' | 'end', error: ProxyError): Buffer {
  return Buffer.from(`event: ${kind}\ndata: ${errorBody(error)}\n\n`)
}
