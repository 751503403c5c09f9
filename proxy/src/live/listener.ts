/**
 * The session in Postgres that hears of changes: one for each process. While it is lost nothing is heard,
 * so after each new beginning everything counts as changed.
 */
import pg from 'pg'
import { asSetting, checkOwnership, newMark } from '../postgres/own-session'
import { startupOptions } from '../postgres/session-settings'
import { ProxyError } from '../errors'
import { CHANNEL } from './change'

export type WatchedKey = {
  readonly column: string
  /** A query for the values that concern the user who runs it; null for the user's id. */
  readonly audience: string | null
}

/** What the owner has declared for live queries. */
export type Declared = {
  /** The tables whose changes are told, by oid, with their keys. */
  readonly tables: ReadonlyMap<string, readonly WatchedKey[]>
  /** The tables that functions read of which the catalog does not know it, by oid. */
  readonly functions: ReadonlyMap<string, readonly string[]>
}

export type ListenerSettings = {
  readonly url: string
  readonly onNotification: (payload: string) => void
  /** Called when listening has begun, again or for the first time. */
  readonly onListening: () => void
  /** Called with a sentence for the operator. */
  readonly say: (sentence: string) => void
}

const CONNECT_TIMEOUT_MS = 5_000
/** How often to ask whether the session is still there: a network may drop it without a word. */
const PROBE_MS = 5_000
const PROBE_TIMEOUT_MS = 2_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

export class Listener {
  readonly #settings: ListenerSettings
  #client: pg.Client | undefined
  #probing: NodeJS.Timeout | undefined
  #pause = FIRST_PAUSE_MS
  #retry: NodeJS.Timeout | undefined
  #isClosed = false
  #lastSaid = ''
  #whenListening: (() => void)[] = []

  constructor(settings: ListenerSettings) {
    this.#settings = settings
  }

  start(): void {
    void this.#open()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    this.#drop()
  }

  /** @throws ProxyError postgres_unreachable, or live_refused if the database is not prepared */
  async declared(): Promise<Declared> {
    const client = this.#client ?? (await this.#listening())
    try {
      const [tables, functions] = [
        await client.query<[string, string | null, string | null]>({
          text: 'select relation::text, key_column, audience from auth.watched_tables()',
          rowMode: 'array',
        }),
        await client.query<[string, string | null]>({
          text: 'select function::text, relation::text from auth.live_functions()',
          rowMode: 'array',
        }),
      ]
      return {
        tables: grouped(tables.rows, ([, column, audience]) =>
          column === null ? [] : [{ column, audience }],
        ),
        functions: grouped(functions.rows, ([, relation]) => relation ?? []),
      }
    } catch (error) {
      throw isMissing(error) ? notInstalled() : unreachable()
    }
  }

  /** The session, once it listens. */
  #listening(): Promise<pg.Client> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(unreachable())
      }, CONNECT_TIMEOUT_MS)
      this.#whenListening.push(() => {
        clearTimeout(timer)
        if (this.#client === undefined) reject(unreachable())
        else resolve(this.#client)
      })
    })
  }

  async #open(): Promise<void> {
    const mark = newMark()
    const client = new pg.Client({
      connectionString: withOptions(this.#settings.url, asSetting(mark)),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
      keepAlive: true,
    })
    // Without a listener, an error would end the process.
    client.on('error', () => undefined)
    client.on('end', () => {
      if (this.#client === client) this.#lost()
    })
    client.on('notification', ({ payload = '' }) => {
      this.#settings.onNotification(payload)
    })
    try {
      await client.connect()
      const ownership = await checkOwnership(client, mark)
      if (!ownership.isOwn) throw new Error(ownership.problem)
      await client.query(`listen ${CHANNEL}`)
    } catch (error) {
      end(client)
      this.#retryLater(error)
      return
    }
    if (this.#isClosed) {
      end(client)
      return
    }
    this.#client = client
    this.#pause = FIRST_PAUSE_MS
    this.#lastSaid = ''
    this.#probing = setInterval(() => {
      client.query('').catch(() => {
        if (this.#client === client) this.#lost()
      })
    }, PROBE_MS).unref()
    for (const resolve of this.#whenListening.splice(0)) resolve()
    this.#settings.onListening()
  }

  #lost(): void {
    this.#drop()
    this.#retryLater(new Error('the session ended'))
  }

  #drop(): void {
    clearInterval(this.#probing)
    const client = this.#client
    this.#client = undefined
    if (client !== undefined) end(client)
  }

  #retryLater(error: unknown): void {
    if (this.#isClosed) return
    // Once for each reason, not for each attempt.
    const why = error instanceof Error ? error.message : 'no connection'
    if (why !== this.#lastSaid) this.#settings.say(`Live queries hear of no changes: ${why}.`)
    this.#lastSaid = why
    this.#retry = setTimeout(() => void this.#open(), this.#pause).unref()
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS)
  }
}

/** Without waiting: a connection that does not answer would not say goodbye either. */
function end(client: pg.Client): void {
  client.end().catch(() => undefined)
  ;(
    client as unknown as { connection: { stream: { destroy(): void } } }
  ).connection.stream.destroy()
}

function grouped<R extends readonly [string, ...unknown[]], T>(
  rows: readonly R[],
  valuesOf: (row: R) => T | readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    groups.set(row[0], [...(groups.get(row[0]) ?? []), ...[valuesOf(row)].flat()] as T[])
  }
  return groups
}

function withOptions(url: string, mark: Readonly<Record<string, string>>): string {
  const parsed = new URL(url)
  const options = startupOptions({ ...mark, idle_session_timeout: '0', role: 'none' })
  const given = parsed.searchParams.get('options')
  parsed.searchParams.set('options', given ? `${given} ${options}` : options)
  parsed.searchParams.set('application_name', 'sql-proxy live')
  return parsed.href
}

/** insufficient_privilege, undefined_function, undefined_table, invalid_schema_name */
const MISSING = new Set(['42501', '42883', '42P01', '3F000'])

/** All others pass: a session that Postgres ends while it answers says so in an error as well. */
function isMissing(error: unknown): boolean {
  return error instanceof pg.DatabaseError && MISSING.has(error.code ?? '')
}

function unreachable(): ProxyError {
  return new ProxyError(
    'postgres_unreachable',
    "Couldn't connect to compute node: the session for live queries is not open",
    { hint: 'Check that Postgres runs and that PROXY_DATABASE_URL leads to it, not to a pooler.' },
  )
}

function notInstalled(): ProxyError {
  return new ProxyError('live_refused', 'the database is not prepared for live queries', {
    code: '0A000',
    severity: 'ERROR',
    hint: 'Run `npm run db:migrate`.',
  })
}
