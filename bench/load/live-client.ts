/** A client of a live query that only counts what arrives, so that a thousand of them take little of the machine. */
import { Agent, request, type IncomingMessage } from 'node:http'
import type { Call } from './call'

export type LiveClient = { readonly close: () => void }

const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY })

/**
 * Resolves when the first answer has arrived.
 * @param onAnswer called with the answer's JSON, for the first one, too
 */
export function openLiveClient(
  url: string,
  { method, path, headers, body }: Call,
  onAnswer: (json: string) => void,
): Promise<LiveClient> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, {
      agent,
      method,
      headers: { ...headers, accept: 'text/event-stream' },
    })
    const close = () => {
      outgoing.destroy()
    }
    outgoing.once('error', reject)
    outgoing.once('response', (incoming: IncomingMessage) => {
      let rest = ''
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1]
          if (data === undefined) continue
          onAnswer(data)
          resolve({ close })
        }
      })
      incoming.once('error', () => undefined)
      incoming.once('end', () => {
        reject(new Error(`a live query has ended with status ${incoming.statusCode ?? 0}: ${rest}`))
      })
    })
    outgoing.end(body)
  })
}
