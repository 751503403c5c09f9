/**
 * Live queries: any query of `db/queries`, answered again whenever its answer has changed for the user.
 *
 * The query runs against a database that hands out its request instead of sending it. The request is then sent
 * with `Accept: text/event-stream`, and the query runs again over each answer, so that the driver and Drizzle read
 * it as always. (EventSource cannot do this: it sends no body and no Authorization.)
 */
import { listen } from '../listen'
import { failed, succeeded, type Problem, type Result } from '../problem'
import { sqlProblem } from './sql-problem'
import type { Connect, Respond, UserDatabase } from './user-database'

/** One statement that reads. */
export type LiveQuery<T> = (db: UserDatabase) => Promise<T>

export type LiveSettings<T> = {
  /** Such as `browserDb`. */
  readonly userDb: Connect
  readonly query: LiveQuery<T>
  /** Makes an attempt with a valid token, and once more with a new one if it fails as signed out. */
  readonly asUser: <R>(attempt: (token: string) => Promise<Result<R>>) => Promise<Result<R>>
  readonly onAnswer: (answer: T) => void
  /** Called when the connection is lost or refused. Attempts go on, unless the problem will not pass. */
  readonly onProblem?: (problem: Problem) => void
}

/** Listens until the returned function is called. While the page is hidden it pauses, then catches up. */
export function liveQuery<T>(settings: LiveSettings<T>): () => void {
  const { userDb, query, asUser, onAnswer, onProblem } = settings
  return listen({
    open: (lastEventId, signal) =>
      asUser((token) => openEvents(userDb, query, { token, lastEventId, signal })),
    onAnswer: async (data) => {
      onAnswer(await readAnswer(userDb, query, data))
    },
    problemOf: (data) =>
      readAnswer(userDb, query, data, 400).then(() => 'unexpected' as const, sqlProblem),
    onProblem,
  })
}

/** What the data of an event says, read by the query itself. An error of the statement rejects. */
export const readAnswer = <T>(
  userDb: Connect,
  query: LiveQuery<T>,
  data: string,
  status = 200,
): Promise<T> => query(userDb('', undefined, () => Promise.resolve(new Response(data, { status }))))

export type EventsRequest = {
  readonly token: string
  readonly lastEventId: string | undefined
  readonly signal: AbortSignal
}

/** Sends the request of a query, but asks for events: the body of the response is their stream. */
export async function openEvents(
  userDb: Connect,
  query: LiveQuery<unknown>,
  { token, lastEventId, signal }: EventsRequest,
): Promise<Result<Response>> {
  let response: Response | undefined
  const ask: Respond = async (url, init) => {
    const headers = new Headers(init.headers)
    headers.set('accept', 'text/event-stream')
    if (lastEventId !== undefined) headers.set('last-event-id', lastEventId)
    response = await fetch(url, { ...init, headers, cache: 'no-store', signal })
    // An error is for the driver to read. A stream is not, and ends the query.
    if (response.ok) throw new Error('the answer comes as events')
    return response
  }
  try {
    await query(userDb(token, undefined, ask))
  } catch (error) {
    if (response?.ok !== true) return failed(sqlProblem(error))
  }
  return response === undefined ? failed('unexpected') : succeeded(response)
}
