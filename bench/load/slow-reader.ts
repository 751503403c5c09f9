/** Clients that read their answers slowly, as on a bad line, so that unread bytes have to wait somewhere. */
import { request, type IncomingMessage } from 'node:http'
import type { Call } from './call'

const BYTES_PER_SECOND = 2 ** 20

/**
 * Each reads one answer. A client that has not finished when the time is over hangs up.
 * @returns how many bytes each has read
 * @throws Error when an answer has another status than 200, or breaks off by itself
 */
export function readSlowly(
  url: string,
  call: Call,
  clients: number,
  seconds: number,
): Promise<number[]> {
  return Promise.all(Array.from({ length: clients }, () => readOne(url, call, seconds)))
}

function readOne(url: string, call: Call, seconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const outgoing = request(new URL(call.path, url), {
      method: call.method,
      agent: false,
      headers: { ...call.headers, 'content-length': Buffer.byteLength(call.body) },
    })
    const timer = setTimeout(() => {
      resolve(bytes)
      outgoing.destroy()
    }, seconds * 1000)
    outgoing.once('response', (incoming) => {
      if (incoming.statusCode !== 200) reject(new Error(`status ${incoming.statusCode ?? 0}`))
      throttle(incoming)
      incoming.on('data', (chunk: Buffer) => (bytes += chunk.length))
      incoming.once('end', () => {
        resolve(bytes)
      })
      // After hanging up this comes too late to count.
      incoming.once('error', reject)
    })
    outgoing.once('error', reject)
    outgoing.once('close', () => {
      clearTimeout(timer)
    })
    outgoing.end(call.body)
  })
}

/** Pauses after each piece, while the kernel's buffers fill up and the sender has to wait. */
function throttle(incoming: IncomingMessage): void {
  incoming.on('data', (chunk: Buffer) => {
    incoming.pause()
    setTimeout(() => incoming.resume(), (chunk.length / BYTES_PER_SECOND) * 1000)
  })
}
