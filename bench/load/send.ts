/** Sends one request over a connection that may stay open, and reads the whole answer. */
import { request, type Agent } from 'node:http'
import type { Call } from './call'

export type Answer = { readonly status: number; readonly text: string }

/** @throws Error when no whole answer came */
export function send(
  url: string,
  { method, path, headers, body }: Call,
  agent?: Agent,
): Promise<Answer> {
  const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, url),
      { method, headers: { ...headers, ...length }, ...(agent === undefined ? {} : { agent }) },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.once('error', reject)
        incoming.once('end', () => {
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() })
        })
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

/**
 * @returns the answer's text
 * @throws Error when its status is not 2xx
 */
export async function sendWell(url: string, call: Call, agent?: Agent): Promise<string> {
  const { status, text } = await send(url, call, agent)
  if (status >= 200 && status < 300) return text
  throw new Error(`${url}${call.path} answered with status ${status}: ${text.slice(0, 500)}`)
}
