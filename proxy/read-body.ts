/** Reads a request's body up to a limit, and not a byte further. */
import type { IncomingMessage } from 'node:http'
import { ProxyError } from './errors'

/** @throws ProxyError body_too_large, or body_invalid when the client stops half-way */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) {
        chunks.push(chunk)
        return
      }
      incoming.pause()
      reject(tooLarge(maxBytes))
    })
    incoming.on('end', () => {
      resolve(Buffer.concat(chunks, bytes))
    })
    incoming.on('error', () => {
      reject(interrupted())
    })
    incoming.on('close', () => {
      // It comes after every request; only without its end is it a loss.
      if (!incoming.readableEnded) reject(interrupted())
    })
  })
}

function tooLarge(maxBytes: number): ProxyError {
  return new ProxyError('body_too_large', `request is too large (max is ${maxBytes} bytes)`, {
    hint: 'Send the data in several requests.',
  })
}

function interrupted(): ProxyError {
  return new ProxyError(
    'body_invalid',
    'could not read the HTTP request body: the connection was closed',
  )
}
