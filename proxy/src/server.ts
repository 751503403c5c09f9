/** Wires everything up, starts it and stops it: sessions in Postgres, providers' keys, HTTP server. */
import type { Server } from 'node:http'
import type { Server as TcpServer } from 'node:net'
import { applyAllowlist } from './gate/allowlist/apply'
import { readStatements } from './gate/allowlist/file'
import { AnswerMemory } from './execute/answer/answer-memory'
import { createAuthenticate } from './auth/authenticate'
import type { Config } from './config/config'
import { createExecute } from './execute/execute'
import { createGate, DEFAULT_GATE_LIMITS, type Gate } from './gate/gate'
import { createHandle } from './handle'
import { createHttpServer, type HttpTimeouts } from './http/http-server'
import { createLive, type Live } from './live/live'
import { InFlight } from './limits/in-flight'
import { CpuBudget } from './limits/cpu-budget'
import { StatementMeters } from './limits/statement-meter'
import { logToStdout, type Log } from './http/logger'
import { createExecuteByPassword } from './password/execute'
import { PasswordSessions } from './password/sessions'
import { Pool } from './postgres/pool'
import { RateLimit } from './limits/rate-limit'
import { createReadiness } from './ops/readiness'
import { internalQuery } from './postgres/internal-query'
import { createParseBody } from './request/parse-body'
import { watchCertificate } from './session/certificate'
import { Sessions } from './session/sessions'
import { createTcpServer } from './session/tcp'
import { acceptWebSockets, type WebSocketSettings } from './session/websocket'
import { createRoleCheck } from './auth/role-check'
import { ShadowCheck } from './gate/shadows'
import { openTokens, type TokenOverrides } from './auth/tokens/open-tokens'
import { createOutliner } from './trace/outliner'
import { PAGES_HEADER } from './trace/trace'
import { WorkThreads, type WorkThreadsOptions } from './threads/work-threads'
import { KnownStatements } from './ops/warm-up/known-statements'
import { warmUpUser } from './ops/warm-up/warm-up-user'
import { createPrepareSession } from './ops/warm-up/prepare-session'
import type { SharedLimits } from './ops/workers/rate-sharing'
import { WarmUp } from './ops/warm-up/warm-up'

export type Proxy = {
  /** Without a path, such as http://127.0.0.1:4444. */
  readonly url: string
  /** Resolves when the warm-up is over, however it went. */
  readonly warm: Promise<void>
  /** Of sessions over TCP; undefined without them. */
  readonly tcpPort: number | undefined
  /** For a CancelRequest that has reached another process, and to count a user's in all of them. */
  readonly sessions: Pick<Sessions, 'cancel' | 'onUnknown' | 'perUser'>
  /** Undefined when live queries are off. */
  readonly live: Live | undefined
  /** Limits that all processes on the same port share. */
  readonly shared: SharedLimits
  /** Reads the files of providers and revocations again. */
  reload(): void
  /** Finishes requests in flight, for at most the configured grace period, then stops. */
  close(): Promise<void>
}

/** For tests only: no variable sets these. */
export type Overrides = {
  readonly gate?: Gate
  readonly threads?: WorkThreadsOptions
  readonly log?: Log
  readonly http?: Partial<HttpTimeouts>
  readonly webSocket?: Partial<WebSocketSettings>
  readonly tokens?: TokenOverrides
  /** Skips the warm-up, so that only the test's own requests reach Postgres. */
  readonly isWarm?: boolean
}

/** Postgres' own timeout error says more than ours, so it gets this much time to arrive. */
const TIMEOUT_SLACK_MS = 2_000
/** For what a message holds besides the values of a row. */
const MESSAGE_SLACK_BYTES = 64 * 1024
/** The proxy ends a session that is idle in a transaction; Postgres only if the proxy does not. */
const IDLE_SLACK_MS = 5_000
/** How often to look for functions that the owner has created since the last session was opened. */
const LOOK_AGAIN_MS = 30_000
/** How often a large body is in memory: as it came, as a whole, as it was read, and for Postgres. */
const COPIES_OF_BODY = 4
const LARGE_BODIES_PER_USER = 2
/** For the large bodies of all users: three of the largest that are accepted by default. */
const LARGE_BODIES_BYTES = 128 * 1024 * 1024
/** Sessions of all clients in one process. */
const MOST_SESSIONS = 10_000
/** Sessions to open before the first request. */
const WARM_SESSIONS = 2

/**
 * @param areOthersWarm whether the other processes on the same port are as warm as this one is to be
 * @throws Error when the proxy cannot listen on the address
 */
export async function startProxy(
  config: Config,
  overrides: Overrides = {},
  areOthersWarm: () => boolean = () => true,
): Promise<Proxy> {
  const { limits } = config
  const session = {
    url: config.databaseUrl,
    statementTimeoutMs: limits.statementTimeoutMs,
    queueLength: limits.queueLength,
    maxMessageBytes: limits.answerBytes + MESSAGE_SLACK_BYTES,
    idleInTransactionMs: limits.idleInTransactionMs + IDLE_SLACK_MS,
  }
  const shadows = new ShadowCheck(config)
  const prepare = createPrepareSession({
    look: (connection) => shadows.look(connection),
    statements: () => known.accepted,
    identity: () => warmUpUser(config.sessionKey),
  })
  const pool = new Pool({
    ...session,
    size: limits.poolSize,
    maxAgeMs: limits.sessionMaxAgeMs,
    prepare,
  })
  const passwordSessions = new PasswordSessions({
    ...session,
    roles: new Set(config.passwordRoles),
  })
  const allowedOrigins = new Set(config.allowedOrigins)
  const tokens = openTokens(config.tokens, overrides.tokens)
  // A longer time limit allows larger statements, which need more memory as well.
  const memory = limits.checkMs / DEFAULT_GATE_LIMITS.checkMs
  const threads = await WorkThreads.start({ memory, ...overrides.threads })
  const gate = overrides.gate ?? (await createGate(config.functions, threads, limits))
  const allowlist = await applyAllowlist(gate, config, threads)
  const rates = {
    user: new RateLimit(config.requestsPerSecond.user),
    address: new RateLimit(config.requestsPerSecond.address),
  }
  const cpuBudget = new CpuBudget(limits.userCpuMs)
  const answers = { ...limits, memory: new AnswerMemory(limits.answerMemoryBytes) }
  const parts = {
    databaseName: config.databaseName,
    requestTimeoutMs: limits.statementTimeoutMs + TIMEOUT_SLACK_MS,
    statementTimeoutMs: limits.statementTimeoutMs,
    parseBody: createParseBody(threads),
    execute: createExecute(pool, answers, shadows),
  }
  const http = {
    maxBodyBytes: limits.bodyBytes,
    statementTimeoutMs: limits.statementTimeoutMs,
    clientAddress: config.clientAddress,
    ...overrides.http,
  }
  const known = new KnownStatements(config.warmStatements ?? listed(config.allowlist))
  const warmUp = new WarmUp({
    parts: { ...parts, gate },
    http,
    sessionKey: config.sessionKey,
    tokens,
    pool,
    sessions: Math.min(WARM_SESSIONS, Math.ceil(limits.poolSize / 2)),
    known,
    gate: config.allowlist === null ? gate : allowlist.gate,
  })
  const meters = new StatementMeters(cpuBudget, { longestMs: 2 * parts.requestTimeoutMs })
  const live =
    config.live === null
      ? undefined
      : createLive({
          ...{ url: config.databaseUrl, sessionKey: config.sessionKey, most: config.live },
          ...{ pool, threads, meters, execute: parts.execute, memory: answers.memory },
          ...{ answerBytes: limits.answerBytes, checkMs: limits.checkMs },
          runMs: parts.requestTimeoutMs,
          // The other half is for requests that wait for an answer.
          runs: Math.ceil(limits.poolSize / 2),
          say: (sentence) => process.stderr.write(`${sentence}\n`),
        })
  // The same for requests and sessions.
  const shared = {
    ...parts,
    serializable: config.serializable,
    paths: { anonymous: config.anonymous, password: config.passwordRoles.length > 0 },
    authenticate: createAuthenticate({
      verifyToken: tokens.verifyToken,
      checkRole: createRoleCheck(pool),
      sessionKey: config.sessionKey,
    }),
    rates,
    meters,
    inFlight: new InFlight(limits.inFlightPerUser),
    gate: allowlist.gate,
    log: overrides.log ?? logToStdout,
  }
  const handle = createHandle({
    ...shared,
    live,
    allowedOrigins,
    allowedHeaders: [...config.allowedHeaders, ...(config.trace ? [PAGES_HEADER] : [])],
    outline: config.trace ? createOutliner(threads, limits.checkMs) : undefined,
    largeBodies: new InFlight(
      LARGE_BODIES_PER_USER,
      'requests of more than 1 MiB',
      Math.max(
        LARGE_BODIES_PER_USER,
        Math.floor(LARGE_BODIES_BYTES / (COPIES_OF_BODY * limits.bodyBytes)),
      ),
    ),
    executeByPassword: createExecuteByPassword(passwordSessions, allowedOrigins, answers),
    readiness: createReadiness(
      pool,
      shadows,
      tokens.providers,
      () => warmUp.isOver && areOthersWarm(),
    ),
  })
  const sessions = new Sessions({
    ...shared,
    pool,
    shadows,
    passwordSessions,
    threads,
    hasAllowlist: config.allowlist !== null,
    issuer: () => tokens.providers.all[0]?.issuer,
    checkMs: limits.checkMs,
    maxMessageBytes: limits.bodyBytes,
    idleMs: limits.sessionIdleMs,
    idleInTransactionMs: limits.idleInTransactionMs,
    transactionMs: limits.transactionMs,
    perUser: new InFlight(limits.sessionsPerUser, 'sessions', MOST_SESSIONS),
  })
  tokens.onChange = () => {
    live?.verifyAll()
    void sessions.verify()
  }

  const lookAgain = () => {
    internalQuery(pool, (connection) => shadows.look(connection)).catch(() => undefined)
  }
  const looking = setInterval(lookAgain, LOOK_AGAIN_MS).unref()

  const server = createHttpServer({ ...http, handle })
  const dropWebSockets = config.webSocket
    ? acceptWebSockets(server, {
        sessions,
        allowedOrigins,
        clientAddress: config.clientAddress,
        rate: rates.address,
        maxFrameBytes: limits.bodyBytes,
        ...overrides.webSocket,
      })
    : () => undefined
  const certificate = config.tcp?.certificate ? watchCertificate(config.tcp.certificate) : undefined
  const tcp = createTcpServer({
    sessions,
    clientAddress: config.clientAddress,
    secureContext: () => certificate?.current(),
  })
  const url = await listen(server, config)
  const tcpPort =
    config.tcp === null ? undefined : await listenOn(tcp, config.host, config.tcp.port)
  if (overrides.isWarm === true) warmUp.stop()
  else warmUp.start()
  return {
    url,
    warm: warmUp.over,
    tcpPort,
    sessions,
    live,
    shared: { ...rates, cpu: cpuBudget },
    reload: () => {
      tokens.reload()
      lookAgain()
    },
    close: async () => {
      allowlist.close()
      tokens.close()
      warmUp.stop()
      clearInterval(looking)
      live?.close()
      certificate?.close()
      tcp.close()
      const closed = close(server, [pool, passwordSessions], limits.shutdownGraceMs)
      await sessions.close(limits.shutdownGraceMs)
      dropWebSockets()
      await closed
      threads.close()
    },
  }
}

/** With an allow-list, its statements are the ones to expect. */
function listed(allowlist: string | null): readonly string[] {
  return allowlist === null ? [] : readStatements(allowlist)
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  const actual = await listenOn(server, host, port)
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`
}

/** @returns the port */
function listenOn(server: TcpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function close(
  server: Server,
  pools: readonly { abort(): void }[],
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  server.closeIdleConnections()
  const timer = setTimeout(() => {
    for (const pool of pools) pool.abort()
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(timer)
  for (const pool of pools) pool.abort()
}
