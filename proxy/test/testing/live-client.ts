/** For tests: a client of live queries that reads its events one by one. */
import assert from 'node:assert/strict'
import type { Posted, TestProxy } from './proxy'
import { until } from './until'

export type LiveEvent = {
  readonly event: string
  readonly id: string | undefined
  readonly data: Record<string, unknown>
}

/** With names, unless the request asks for arrays. */
export type Row = Record<string, unknown>

export type LiveClient = {
  readonly status: number
  readonly headers: Headers
  /** Everything that has arrived so far, as it was sent. */
  readonly text: () => string
  /** The next event; undefined at the end of the stream. */
  readonly next: () => Promise<LiveEvent | undefined>
  /** The rows of the next answer. */
  readonly rows: () => Promise<Row[]>
  /** The events that have arrived and were not read yet. */
  readonly waiting: () => number
  readonly close: () => void
}

export type LiveOptions = {
  readonly user?: string
  readonly token?: string | null
  readonly sqlUrl?: string
  readonly headers?: Record<string, string>
}

const DEADLINE_MS = 10_000

/** @param query SQL, or a body to send as it is */
export async function openLive(
  proxy: TestProxy,
  query: string | Record<string, unknown>,
  { user = 'alice', token, sqlUrl = proxy.sqlUrl, headers = {} }: LiveOptions = {},
): Promise<LiveClient> {
  const bearer = token === undefined ? await proxy.issuer.token(user) : token
  const abort = new AbortController()
  const response = await fetch(sqlUrl, {
    method: 'POST',
    body: JSON.stringify(typeof query === 'string' ? { query } : query),
    headers: {
      accept: 'text/event-stream',
      'neon-connection-string': proxy.connectionString,
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    signal: abort.signal,
  })
  let text = ''
  let isOver = false
  const events: LiveEvent[] = []
  let onNews: () => void = () => undefined
  const reading = read(response, (part) => {
    const before = text.length === 0 ? '' : text.slice(text.lastIndexOf('\n\n') + 2)
    text += part
    const blocks = `${before}${part}`.split('\n\n')
    blocks.pop()
    for (const block of blocks) {
      const event = parseEvent(block)
      if (event !== undefined) events.push(event)
    }
    onNews()
  })
    .catch(() => undefined)
    .finally(() => {
      isOver = true
      onNews()
    })
  const next = async () => {
    while (events.length === 0 && !isOver) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error('no event has come'))
        }, DEADLINE_MS)
        onNews = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return events.shift()
  }
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    next,
    rows: async () => {
      const event = await next()
      assert.equal(event?.event, 'answer', JSON.stringify(event))
      return event.data.rows as Row[]
    },
    waiting: () => events.length,
    close: () => {
      abort.abort()
      void reading
    },
  }
}

/** A refusal: an ordinary answer instead of a stream. */
export async function refusedLive(
  proxy: TestProxy,
  query: string | Record<string, unknown>,
  { headers = {}, ...options }: LiveOptions = {},
): Promise<Posted> {
  const body = typeof query === 'string' ? { query } : query
  const token = options.token ?? (await proxy.issuer.token(options.user ?? 'alice'))
  return proxy.post(body, {
    token,
    headers: { accept: 'text/event-stream', ...headers },
    ...(options.sqlUrl === undefined ? {} : { sqlUrl: options.sqlUrl }),
  })
}

/** Waits until the proxy has noticed that all clients have gone. */
export async function untilNoneIsOpen(proxy: TestProxy): Promise<void> {
  await until(async () => {
    await proxy.asOwner('select 1')
    return proxy.live?.size === 0
  })
}

async function read(response: Response, onText: (part: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    onText(decoder.decode(chunk, { stream: true }))
  }
}

function parseEvent(block: string): LiveEvent | undefined {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  if (fields.size === 0) return undefined
  return {
    event: fields.get('event') ?? '',
    id: fields.get('id'),
    data: JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>,
  }
}
