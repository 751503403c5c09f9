/** Logs into Postgres with `pg` (TLS, SCRAM), then hands over the socket: the rest is spoken by us. */
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { ProxyError, type ErrorFields } from '../errors'
import type { Backend } from './cancel'
import {
  ASK_SETTINGS,
  PINNED_SETTINGS,
  pathSchemas,
  safeSearchPath,
  settingsProblem,
  startupOptions,
} from './session-settings'
import { asSetting, checkOwnership, newMark, poolerRefused, type Mark } from './own-session'

export type Settings = {
  readonly url: string
  readonly statementTimeoutMs: number
  /** Postgres ends the session after so much silence; never unless given. */
  readonly idleSessionMs?: number
}

export type Session = {
  readonly stream: Duplex
  /** As the login named it, for cancellations. */
  readonly backend: Backend
  /** As Postgres itself names it. */
  readonly processId: number
  /** Unset where the session's settings are the client's own. */
  readonly searchPath?: SearchPath
}

export type SearchPath = {
  /** What the session's `search_path` was set to, and is again after a reset. */
  readonly value: string
  /** The schemas in it, besides Postgres' own. */
  readonly schemas: readonly string[]
}

const CONNECT_TIMEOUT_MS = 5_000
const IDLE_IN_TRANSACTION_MS = 10_000
/**
 * On a network that has gone silent, an idle session ends 20 seconds after the last message: Node has
 * the kernel ask ten times, a second apart. While something is unanswered the kernel sends it again
 * instead, for `net.ipv4.tcp_retries2` times (some 15 minutes by default).
 */
const KEEP_ALIVE_MS = 10_000

/** What `pg` has and its types leave out. */
type Internals = {
  readonly connection: NodeJS.EventEmitter & { readonly stream: Duplex }
  readonly connectionParameters: { password: unknown }
  password: unknown
  readonly processID: number | null
  readonly secretKey: number | null
}

/** @throws ProxyError that says why, without the connection string */
export async function login(settings: Settings): Promise<Session> {
  let searchPath: SearchPath | undefined
  const mark = newMark()
  const session = await connect(
    { connectionString: withOptions(settings, mark) },
    mark,
    async (client, told) => {
      searchPath = await settle(client, told)
    },
  )
  return searchPath === undefined ? session : { ...session, searchPath }
}

/**
 * Makes sure that the session is what was asked for, and has names looked up where the owner wants them.
 * @throws ProxyError
 */
async function settle(
  client: pg.Client,
  reported: ReadonlyMap<string, string>,
): Promise<SearchPath> {
  const problem = unfit(reported)
  if (problem !== undefined) throw unreachable(problem)
  const { rows } = await client.query<[string, string]>({ text: ASK_SETTINGS, rowMode: 'array' })
  const settings = new Map(rows)
  const unsettled = settingsProblem(settings)
  if (unsettled !== undefined) throw unreachable(unsettled)
  const value = safeSearchPath(settings)
  await client.query(`select pg_catalog.set_config('search_path', $1, false)`, [value])
  return { value, schemas: pathSchemas(settings) }
}

/**
 * @param mark is among the settings of the startup packet
 * @param onLogin called as soon as Postgres has let the session in; may throw, too
 * @param settle called with the session and what Postgres reported of its settings; when it throws,
 * the session is closed
 */
export async function connect(
  config: pg.ClientConfig,
  mark: Mark,
  settle?: (client: pg.Client, reported: ReadonlyMap<string, string>) => Promise<void>,
  onLogin?: () => void,
): Promise<Session> {
  const client = new pg.Client({
    ...config,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  })
  const internals = client as unknown as Internals
  const reported = new Map<string, string>()
  internals.connection.on(
    'parameterStatus',
    (status: { parameterName: string; parameterValue: string }) => {
      reported.set(status.parameterName, status.parameterValue)
    },
  )
  // After the login the stream tells us all; an error event without listener would end the process.
  client.on('error', () => undefined)
  let processId: number
  try {
    await client.connect()
    onLogin?.()
    const ownership = await checkOwnership(client, mark)
    if (!ownership.isOwn) throw unreachable(ownership.problem)
    processId = ownership.processId
    await settle?.(client, reported)
  } catch (error) {
    internals.connection.stream.destroy()
    throw error instanceof ProxyError ? error : loginError(error)
  }
  // The socket's listeners keep the client alive for as long as the session lasts.
  internals.password = internals.connectionParameters.password = null
  const { connection, processID, secretKey } = internals
  connection.stream.removeAllListeners('data')
  return {
    stream: connection.stream,
    backend: {
      host: client.host,
      port: client.port,
      processId: processID ?? 0,
      secretKey: secretKey ?? 0,
    },
    processId,
  }
}

/** Why a login that worked must not be used; undefined when it may. */
function unfit(reported: ReadonlyMap<string, string>): string | undefined {
  const encoding = reported.get('server_encoding') ?? 'unknown'
  // The gate reads UTF-8; in another encoding Postgres might fold or map letters it did not see.
  if (encoding !== 'UTF8') return `the database's encoding is ${encoding} and must be UTF8`
  if (reported.get('is_superuser') === 'on') {
    return 'PROXY_DATABASE_URL logs in as a superuser, whom no policy binds; use authenticator'
  }
  return undefined
}

/** Settings go into the startup packet, which outranks those of the role and of the database. */
function withOptions({ url, statementTimeoutMs, idleSessionMs = 0 }: Settings, mark: Mark): string {
  const settings = {
    ...PINNED_SETTINGS,
    ...asSetting(mark),
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_MS),
    idle_session_timeout: String(idleSessionMs),
    // The same on Postgres' side, so that a session whose proxy is gone ends within 25 seconds.
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
    application_name: 'sql-proxy',
  }
  const parsed = new URL(url)
  const given = parsed.searchParams.get('options')
  const options = startupOptions(settings)
  parsed.searchParams.set('options', given ? `${given} ${options}` : options)
  return parsed.href
}

function loginError(error: unknown): ProxyError {
  if (!(error instanceof pg.DatabaseError)) return unreachable('no connection could be made')
  // As PgBouncer says it, which knows few of the settings that a login may have.
  if (error.message.includes('unsupported startup parameter')) return unreachable(poolerRefused())
  const { code, severity, detail, hint, file, line, routine } = error
  const fields: ErrorFields = {}
  for (const [name, value] of Object.entries({
    code,
    severity,
    detail,
    hint,
    file,
    line,
    routine,
  })) {
    if (value !== undefined) fields[name as keyof ErrorFields] = value
  }
  // Only a database that does not exist is the client's doing.
  const isClients = code === '3D000'
  return new ProxyError(
    isClients ? 'database_unknown' : 'postgres_unreachable',
    error.message,
    fields,
  )
}

function unreachable(why: string): ProxyError {
  return new ProxyError('postgres_unreachable', `Couldn't connect to compute node: ${why}`, {
    hint: 'Check that Postgres runs and that PROXY_DATABASE_URL leads to it.',
  })
}
