/** Sends the user's list again whenever it has changed: the events of a live query, each with its answer read. */
import { livePage } from '@/app/todos/perform-change'
import type { TodoPage } from '@/app/todos/query'
import { beginRequestSchema } from '@/app/todos/query-schema'
import { currentSession } from '@/lib/auth/session'
import { readEvents } from '@/lib/event-stream'
import type { Problem } from '@/lib/problem'
import { openEvents, readAnswer, type LiveQuery } from '@/lib/sql/live'
import { serverDb } from '@/lib/sql/server-db'

const HEARTBEAT = ':\n\n'

/** Of what may be otherwise at the next attempt. Others will not: live queries are off, for example. */
const STATUS: Partial<Record<Problem, number>> = { 'signed-out': 401, busy: 503, unreachable: 503 }

/** The body is a BeginRequest. A POST, because words that are searched for belong in no log of addresses. */
export async function POST(request: Request): Promise<Response> {
  const asked = beginRequestSchema.safeParse(await request.json().catch(() => undefined))
  if (!asked.success) return new Response(null, { status: 400 })
  const session = await currentSession()
  if (!session) return new Response(null, { status: 401 })
  const query = livePage(asked.data)
  const opened = await openEvents(serverDb, query, {
    token: session.token,
    lastEventId: request.headers.get('last-event-id') ?? undefined,
    signal: request.signal,
  })
  if (!opened.ok) return new Response(null, { status: STATUS[opened.problem] ?? 406 })
  return new Response(answersOf(query, opened.value.body), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}

/** The same events. Their data is what the query makes of an answer; of an error, it is nothing. */
function answersOf(
  query: LiveQuery<TodoPage | null>,
  body: ReadableStream<Uint8Array> | null,
): ReadableStream<Uint8Array> {
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
        for await (const { event, data, id } of events) {
          const isAnswer = event !== 'end' && event !== 'error'
          const page = isAnswer ? JSON.stringify(await readAnswer(serverDb, query, data)) : ''
          send(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${page}\n\n`)
        }
        controller.close()
      } catch {
        // The proxy or the client has gone; the client comes back.
        controller.error(new Error('the stream of events was cut off'))
      }
    },
  })
}
