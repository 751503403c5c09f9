/** Logs into Postgres with `pg` (TLS, SCRAM), then takes over its socket. */
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
  /** Postgres ends the session after this much silence; by default never. */
  readonly idleSessionMs?: number
  /** The proxy ends the client's session first, which has a clear error. */
  readonly idleInTransactionMs?: number
}

export type Session = {
  readonly stream: Duplex
  /** As reported at login, for cancellations. */
  readonly backend: Backend
  /** As reported by the backend itself. */
  readonly processId: number
  /** The settings that Postgres reported, by name. */
  readonly parameters: ReadonlyMap<string, string>
  /** Undefined where the client chooses the session's settings. */
  readonly searchPath?: SearchPath
}

export type SearchPath = {
  /** The value of `search_path`, restored after a reset. */
  readonly value: string
  /** Its schemas, without Postgres' own. */
  readonly schemas: readonly string[]
}

const CONNECT_TIMEOUT_MS = 5_000
const IDLE_IN_TRANSACTION_MS = 10_000
/**
 * On a silent network, an idle session ends 20 seconds after the last message: Node lets the kernel
 * send ten probes, a second apart. While data is unacknowledged, the kernel retransmits it instead,
 * `net.ipv4.tcp_retries2` times (about 15 minutes by default).
 */
const KEEP_ALIVE_MS = 10_000

/** Parts of `pg` that its types omit. */
type Internals = {
  readonly connection: NodeJS.EventEmitter & { readonly stream: Duplex }
  readonly connectionParameters: { password: unknown }
  password: unknown
  readonly processID: number | null
  readonly secretKey: number | null
}

/** @throws ProxyError with the reason, without the connection string */
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
 * Checks the settings of a new session, and sets the owner's search path.
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
 * @param mark one of the settings in the startup packet
 * @param settle called with the session and the settings that Postgres reported; if it throws, the
 * session is closed
 * @param onLogin called as soon as Postgres has accepted the login; may throw
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
  // Errors after the login arrive through the stream; without a listener here they would end the process.
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
    parameters: reported,
    backend: {
      host: client.host,
      port: client.port,
      processId: processID ?? 0,
      secretKey: secretKey ?? 0,
    },
    processId,
  }
}

/** Why a successful login must not be used; undefined if it may. */
function unfit(reported: ReadonlyMap<string, string>): string | undefined {
  const encoding = reported.get('server_encoding') ?? 'unknown'
  // The gate reads UTF-8. In another encoding, Postgres might fold or map letters differently.
  if (encoding !== 'UTF8') return `the database's encoding is ${encoding} and must be UTF8`
  if (reported.get('is_superuser') === 'on') {
    return 'PROXY_DATABASE_URL logs in as a superuser, whom no policy binds; use authenticator'
  }
  return undefined
}

/** Puts settings into the startup packet, which outranks those of the role and the database. */
function withOptions(given: Settings, mark: Mark): string {
  const { url, statementTimeoutMs, idleSessionMs = 0 } = given
  const { idleInTransactionMs = IDLE_IN_TRANSACTION_MS } = given
  const settings = {
    ...PINNED_SETTINGS,
    ...asSetting(mark),
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(idleInTransactionMs),
    idle_session_timeout: String(idleSessionMs),
    // The same on Postgres' side, so that a session whose proxy is gone ends within 25 seconds.
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
    application_name: 'sql-proxy',
  }
  const parsed = new URL(url)
  const before = parsed.searchParams.get('options')
  const options = startupOptions(settings)
  parsed.searchParams.set('options', before ? `${before} ${options}` : options)
  return parsed.href
}

function loginError(error: unknown): ProxyError {
  if (!(error instanceof pg.DatabaseError)) return unreachable('no connection could be made')
  // PgBouncer's error: it supports only a few startup parameters.
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
  // Only a missing database is the client's mistake.
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
