/** Reads a request's body up to a limit. */
import type { IncomingMessage } from 'node:http'
import type { Cancellation } from '../cancellation'
import { ProxyError, toProxyError } from '../errors'

/** Up to this size, only the limit on a user's requests in flight applies. */
const LARGE_BYTES = 1024 * 1024

/**
 * @param unreadable cancelled when nothing more can come
 * @param onLarge called once more than 1 MiB has arrived; `readBody` rejects with what it throws
 * @throws ProxyError body_too_large, or body_invalid when the client stops half-way
 */
export async function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
  unreadable: Cancellation,
  onLarge: () => void = () => undefined,
): Promise<Uint8Array> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      const before = bytes
      bytes += chunk.length
      const refusal = bytes > maxBytes ? tooLarge(maxBytes) : refusalOf(before, bytes, onLarge)
      if (refusal === undefined) chunks.push(chunk)
      else refuse(refusal)
    }
    const refuse = (refusal: Error) => {
      incoming.off('data', take).pause()
      chunks.length = 0
      reject(refusal)
    }
    incoming.on('data', take)
    incoming.on('end', () => {
      resolve(Buffer.concat(chunks, bytes))
    })
    incoming.on('error', () => {
      reject(interrupted())
    })
    incoming.on('close', () => {
      // `close` follows every request; it is an error only if `end` did not come first.
      if (!incoming.readableEnded) reject(interrupted())
    })
    // After a complete body, the rest of the connection does not matter.
    unreadable.listen((reason) => {
      if (!incoming.complete) refuse(reason)
    })
  })
}

function refusalOf(before: number, bytes: number, onLarge: () => void): ProxyError | undefined {
  if (before > LARGE_BYTES || bytes <= LARGE_BYTES) return undefined
  try {
    onLarge()
    return undefined
  } catch (error) {
    return toProxyError(error)
  }
}

function tooLarge(maxBytes: number): ProxyError {
  return new ProxyError('body_too_large', `request is too large (max is ${maxBytes} bytes)`, {
    code: '54000',
    severity: 'ERROR',
    hint: 'Send the data in several requests, or raise PROXY_MAX_BODY_BYTES.',
  })
}

export function interrupted(): ProxyError {
  return new ProxyError(
    'body_invalid',
    'could not read the HTTP request body: it stopped half-way, or is no HTTP',
  )
}
