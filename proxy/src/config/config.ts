/** All environment variables, parsed once. A bad variable prevents the start. */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { ClientAddress } from '../http/client-address'
import {
  databaseUrl,
  list,
  memorySize,
  onOff,
  providers,
  revoked,
  sessionKey,
  rate,
  statements,
  trustedProxies,
} from './values'
import { DEFAULT_GATE_LIMITS } from '../gate/gate'
import { readCertificate, type CertificateFiles } from '../session/certificate'
import type { SessionKey } from '../auth/session-key'
import type { TokenConfig } from '../auth/tokens/open-tokens'

export type Limits = {
  readonly bodyBytes: number
  readonly answerBytes: number
  /** Memory for long answers that are kept whole until they have been sent. */
  readonly answerMemoryBytes: number
  /** The longest text of a statement. */
  readonly statementBytes: number
  /** CPU time for checking one statement. */
  readonly checkMs: number
  readonly rows: number
  readonly statementTimeoutMs: number
  readonly poolSize: number
  /** When a session in Postgres is replaced, ± 10 %. */
  readonly sessionMaxAgeMs: number
  readonly queueLength: number
  readonly inFlightPerUser: number
  /** Milliseconds of processor time per second; 0 for no limit. */
  readonly userCpuMs: number
  readonly shutdownGraceMs: number
  /** Sessions of one user, in each process. */
  readonly sessionsPerUser: number
  readonly sessionIdleMs: number
  readonly idleInTransactionMs: number
  readonly transactionMs: number
}

export type TcpConfig = { readonly port: number; readonly certificate: CertificateFiles | null }

export type Config = {
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  readonly databaseName: string
  readonly sessionKey: SessionKey
  readonly tokens: TokenConfig
  readonly allowedOrigins: readonly string[]
  /** Additional request headers that pages of these origins may send. */
  readonly allowedHeaders: readonly string[]
  /** The owner's own functions that statements may call, as `schema.name` or `schema.name:stable`. */
  readonly functions: readonly string[]
  /** Extensions whose operators, casts and overloads of built-in functions SQL may reach. */
  readonly extensions: readonly string[]
  readonly anonymous: boolean
  /** Whether to allow SERIALIZABLE batches, which fail because of other users' rows. */
  readonly serializable: boolean
  /** Roles that may log in by password and bypass the gate; usually none. */
  readonly passwordRoles: readonly string[]
  /** Path of the allow-list; null to allow every statement that passes the gate. */
  readonly allowlist: string | null
  /** Path of the file to record statements in; null for none. */
  readonly allowlistRecord: string | null
  /** Statements to prepare in advance; null for those of the allow-list. */
  readonly warmStatements: readonly string[] | null
  /** Whether sessions over WebSocket are accepted. */
  readonly webSocket: boolean
  /** Sessions over TCP; null for none. */
  readonly tcp: TcpConfig | null
  /** Determines the address that a request counts against before its token is known. */
  readonly clientAddress: ClientAddress
  /** 0 for no limit. */
  readonly requestsPerSecond: { readonly user: number; readonly address: number }
  /** Whether SELECT can be a live query, and how many may be open in this process; null when it is off. */
  readonly live: { readonly perUser: number; readonly all: number } | null
  /** Whether a request may ask for its trace. */
  readonly trace: boolean
  /** Processes that share the port. */
  readonly workers: number
  readonly limits: Limits
}

/** Has one sentence per bad variable, and never a value that may be secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

const number = (least: number, most: number) =>
  z.coerce
    .number('is not a number')
    .int('is not a whole number')
    .min(least, `is less than ${least}`)
    .max(most, `is more than ${most}`)

const count = (least: number, most: number, otherwise: number) =>
  number(least, most).default(otherwise)

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'holds something that is not an origin (scheme://host[:port], nothing after it)',
})
/** A token of RFC 9110 § 5.6.2, except `*`, which would allow every header. */
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'+.^_`|~-]+$/, {
  error: 'holds something that is not the name of a header',
})
const functionName = z.string().regex(/^[a-z_][a-z0-9_$]*\.[a-z_][a-z0-9_$]*(:stable)?$/, {
  error: 'holds a name that is not schema.function (or schema.function:stable) in lower case',
})

const DAY_MS = 86_400_000
const MOST_WORKERS = 256
/** With fewer sessions, a worker has none left for others when a few statements are slow. */
const SESSIONS_PER_WORKER = 5

const variables = {
  PROXY_HOST: [z.string().default('127.0.0.1'), '127.0.0.1'],
  PROXY_PORT: [count(0, 65_535, 4444), '4444'],
  PROXY_DATABASE_URL: [databaseUrl, 'postgresql://authenticator:password@localhost:5432/memos'],
  PROXY_SESSION_KEY: [sessionKey, '$(openssl rand -base64 32)'],
  PROXY_JWT_PROVIDERS: [
    providers,
    '[{"preset":"clerk","issuer":"https://example.clerk.accounts.dev","authorizedParties":["https://app.example.com"]}]',
  ],
  PROXY_REVOKED: [revoked, 'revoked.txt'],
  PROXY_ALLOWED_ORIGINS: [list(origin), 'https://app.example.com,https://www.example.com'],
  PROXY_ALLOWED_HEADERS: [list(headerName), 'x-request-id,x-b3-traceid'],
  PROXY_FUNCTIONS: [list(functionName), 'public.search_memos:stable,pg_catalog.lpad'],
  PROXY_EXTENSIONS: [list(z.string()), 'citext,vector'],
  PROXY_ANONYMOUS: [onOff, 'on'],
  PROXY_SERIALIZABLE: [onOff, 'on'],
  PROXY_LIVE: [onOff, 'on'],
  PROXY_LIVE_PER_USER: [count(1, 100_000, 20), '20'],
  PROXY_LIVE_QUERIES: [count(1, 1_000_000, 10_000), '10000'],
  PROXY_TRACE: [onOff, 'on'],
  PROXY_PASSWORD_ROLES: [list(z.string()), 'postgres'],
  PROXY_ALLOWLIST: [z.string().optional(), 'db/queries.allowlist'],
  PROXY_ALLOWLIST_RECORD: [z.string().optional(), '.data/recorded.allowlist'],
  PROXY_WARM_STATEMENTS: [statements, 'db/queries.allowlist'],
  PROXY_MAX_BODY_BYTES: [memorySize(10_485_760), '10485760'],
  PROXY_MAX_ANSWER_BYTES: [memorySize(10_485_760), '10485760'],
  PROXY_ANSWER_MEMORY_BYTES: [memorySize(67_108_864), '67108864'],
  PROXY_MAX_STATEMENT_BYTES: [memorySize(DEFAULT_GATE_LIMITS.statementBytes), '4194304'],
  PROXY_STATEMENT_CHECK_MS: [count(300, 10_000, DEFAULT_GATE_LIMITS.checkMs), '1000'],
  PROXY_MAX_ROWS: [count(1, 100_000_000, 100_000), '100000'],
  PROXY_STATEMENT_TIMEOUT_MS: [count(1, DAY_MS, 15_000), '15000'],
  PROXY_POOL_SIZE: [count(1, 10_000, 20), '20'],
  PROXY_SESSION_MAX_AGE_MS: [count(1, DAY_MS, 1_800_000), '1800000'],
  PROXY_QUEUE_LENGTH: [count(0, 1_000_000, 1_000), '1000'],
  // Half of the pool, so that one user's slow statements leave room for other users.
  PROXY_MAX_IN_FLIGHT_PER_USER: [count(1, 100_000, 10), '10'],
  // More than a client can send that waits for each answer before its next request.
  PROXY_RATE_LIMIT: [rate.default(500), '500'],
  PROXY_RATE_LIMIT_PER_ADDRESS: [rate.optional(), '5000'],
  PROXY_USER_CPU_MS: [count(0, 1_000_000, 500), '500'],
  PROXY_TRUST_PROXY: [trustedProxies, '10.0.0.0/8,192.0.2.1'],
  PROXY_WEBSOCKET: [onOff, 'on'],
  PROXY_TCP_PORT: [number(0, 65_535).optional(), '54330'],
  PROXY_TLS_CERT: [z.string().optional(), '/etc/ssl/proxy/fullchain.pem'],
  PROXY_TLS_KEY: [z.string().optional(), '/etc/ssl/proxy/privkey.pem'],
  PROXY_MAX_SESSIONS_PER_USER: [count(1, 100_000, 20), '20'],
  PROXY_SESSION_IDLE_MS: [count(1, DAY_MS, 600_000), '600000'],
  PROXY_IDLE_IN_TRANSACTION_MS: [count(1, DAY_MS, 10_000), '10000'],
  PROXY_TRANSACTION_TIMEOUT_MS: [count(1, DAY_MS, 60_000), '60000'],
  PROXY_SHUTDOWN_GRACE_MS: [count(0, DAY_MS, 10_000), '10000'],
  PROXY_WORKERS: [number(1, MOST_WORKERS).optional(), '4'],
} as const satisfies Record<string, readonly [z.ZodType, string]>

type Variables = { [K in keyof typeof variables]: z.output<(typeof variables)[K][0]> }

/** @throws ConfigError */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const v = parseVariables(env)
  const isRecording = v.PROXY_ALLOWLIST_RECORD !== undefined
  const workers = v.PROXY_WORKERS ?? (isRecording ? 1 : defaultWorkers(v.PROXY_POOL_SIZE))
  if (isRecording && workers > 1) {
    throw new ConfigError([
      'PROXY_ALLOWLIST_RECORD needs PROXY_WORKERS=1: several processes would write each statement several times',
    ])
  }
  return {
    host: v.PROXY_HOST,
    port: v.PROXY_PORT,
    databaseUrl: v.PROXY_DATABASE_URL.url,
    databaseName: v.PROXY_DATABASE_URL.database,
    sessionKey: v.PROXY_SESSION_KEY,
    tokens: { ...v.PROXY_JWT_PROVIDERS, ...v.PROXY_REVOKED },
    allowedOrigins: v.PROXY_ALLOWED_ORIGINS,
    allowedHeaders: v.PROXY_ALLOWED_HEADERS,
    functions: v.PROXY_FUNCTIONS,
    extensions: v.PROXY_EXTENSIONS,
    anonymous: v.PROXY_ANONYMOUS,
    serializable: v.PROXY_SERIALIZABLE,
    passwordRoles: v.PROXY_PASSWORD_ROLES,
    allowlist: v.PROXY_ALLOWLIST ?? null,
    allowlistRecord: v.PROXY_ALLOWLIST_RECORD ?? null,
    warmStatements: v.PROXY_WARM_STATEMENTS,
    webSocket: v.PROXY_WEBSOCKET,
    tcp: tcpOf(v),
    clientAddress: v.PROXY_TRUST_PROXY,
    requestsPerSecond: {
      user: v.PROXY_RATE_LIMIT,
      // One address may serve many users, such as the app server's.
      address: v.PROXY_RATE_LIMIT_PER_ADDRESS ?? v.PROXY_RATE_LIMIT * 10,
    },
    live: v.PROXY_LIVE ? { perUser: v.PROXY_LIVE_PER_USER, all: v.PROXY_LIVE_QUERIES } : null,
    trace: v.PROXY_TRACE,
    workers,
    limits: {
      bodyBytes: v.PROXY_MAX_BODY_BYTES,
      answerBytes: v.PROXY_MAX_ANSWER_BYTES,
      answerMemoryBytes: v.PROXY_ANSWER_MEMORY_BYTES,
      statementBytes: v.PROXY_MAX_STATEMENT_BYTES,
      checkMs: v.PROXY_STATEMENT_CHECK_MS,
      rows: v.PROXY_MAX_ROWS,
      statementTimeoutMs: v.PROXY_STATEMENT_TIMEOUT_MS,
      poolSize: v.PROXY_POOL_SIZE,
      sessionMaxAgeMs: v.PROXY_SESSION_MAX_AGE_MS,
      queueLength: v.PROXY_QUEUE_LENGTH,
      inFlightPerUser: v.PROXY_MAX_IN_FLIGHT_PER_USER,
      userCpuMs: v.PROXY_USER_CPU_MS,
      shutdownGraceMs: v.PROXY_SHUTDOWN_GRACE_MS,
      sessionsPerUser: v.PROXY_MAX_SESSIONS_PER_USER,
      sessionIdleMs: v.PROXY_SESSION_IDLE_MS,
      idleInTransactionMs: v.PROXY_IDLE_IN_TRANSACTION_MS,
      transactionMs: v.PROXY_TRANSACTION_TIMEOUT_MS,
    },
  }
}

/** One for each processor that this process may use, as far as the sessions suffice for all of them. */
function defaultWorkers(poolSize: number): number {
  const most = Math.max(1, Math.floor(poolSize / SESSIONS_PER_WORKER))
  return Math.min(availableParallelism(), most, MOST_WORKERS)
}

/** @throws ConfigError */
function tcpOf({
  PROXY_HOST: host,
  PROXY_TCP_PORT: port,
  PROXY_TLS_CERT: cert,
  PROXY_TLS_KEY: key,
}: Variables): TcpConfig | null {
  if (port === undefined) return null
  if (cert === undefined || key === undefined) {
    if (cert !== key) {
      throw new ConfigError(['PROXY_TLS_CERT and PROXY_TLS_KEY belong together: set both, or none'])
    }
    if (!/^(localhost|127\.[\d.]+|::1)$/.test(host)) {
      throw new ConfigError([
        'PROXY_TCP_PORT needs PROXY_TLS_CERT and PROXY_TLS_KEY, because PROXY_HOST is not this machine alone',
      ])
    }
    return { port, certificate: null }
  }
  try {
    readCertificate({ cert, key })
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    throw new ConfigError([`PROXY_TLS_CERT and PROXY_TLS_KEY are wrong: ${why}`])
  }
  return { port, certificate: { cert, key } }
}

function parseVariables(env: Readonly<Record<string, string | undefined>>): Variables {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, [schema, example]] of Object.entries(variables)) {
    // An empty variable counts as unset, which is what people mean by `X=` in a shell.
    const text = env[name]?.trim()
    const given = text === '' ? undefined : text
    const parsed = schema.safeParse(given)
    if (parsed.success) values[name] = parsed.data
    else {
      const reason =
        given === undefined ? 'is missing' : (parsed.error.issues[0]?.message ?? 'is wrong')
      problems.push(`${name} ${reason}, for example: ${name}=${example}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Variables
}
