/** Tells the page that the user's todos have changed, by events without data; the page then reads what it shows. */
import { todosDigest } from '@/db/queries/digest'
import { currentSession } from '@/lib/auth/session'
import { readEvents } from '@/lib/event-stream'
import type { Problem } from '@/lib/problem'
import { openEvents } from '@/lib/sql/live'
import { serverDb } from '@/lib/sql/server-db'

const HEARTBEAT = ':\n\n'

/** Of what may be otherwise at the next attempt. Others will not: live queries are off, for example. */
const STATUS: Partial<Record<Problem, number>> = { 'signed-out': 401, busy: 503, unreachable: 503 }

export async function GET(request: Request): Promise<Response> {
  const session = await currentSession()
  if (!session) return new Response(null, { status: 401 })
  const opened = await openEvents(serverDb, todosDigest, {
    token: session.token,
    lastEventId: request.headers.get('last-event-id') ?? undefined,
    signal: request.signal,
  })
  if (!opened.ok) return new Response(null, { status: STATUS[opened.problem] ?? 406 })
  return new Response(withoutData(opened.value.body), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}

/** The same events, of which the answers carry their id alone. */
function withoutData(body: ReadableStream<Uint8Array> | null): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      const send = (text: string) => {
        controller.enqueue(encoder.encode(text))
      }
      try {
        const onBytes = () => {
          send(HEARTBEAT)
        }
        const events = body === null ? [] : readEvents(body, onBytes)
        for await (const { event, id } of events) {
          send(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: \n\n`)
        }
        controller.close()
      } catch {
        // The proxy or the client has gone; the client comes back.
        controller.error(new Error('the stream of events was cut off'))
      }
    },
  })
}
