/**
 * A bounded pool of sessions for roles that log in by password. A session is reset after each request, and
 * reused only for the same role, database, password and settings. It counts until Postgres has closed it.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { LruMap } from '../lru-map'
import { PostgresConnection } from '../postgres/connection'
import type { Turn } from '../postgres/flight'
import type { Settings } from '../postgres/login'
import { Outlived } from '../postgres/outlived'
import { Overdue } from '../postgres/overdue'
import { resetSession } from '../postgres/reset-session'
import { readSchemaVersion } from '../postgres/schema-version'
import { TypeCatalog } from '../postgres/type-catalog'
import { Semaphore } from '../limits/semaphore'
import { loginByPassword, passwordRefused, type Credentials } from './login'
import { LoginGate } from './login-gate'

export type SessionsSettings = Settings & {
  readonly roles: ReadonlySet<string>
  readonly queueLength: number
  readonly maxMessageBytes: number
}

export type Session = {
  readonly connection: PostgresConnection
  /** One per session, because types differ between databases. */
  readonly catalog: TypeCatalog
  readonly key: string
  readonly openedAt: number
  /** Whether a request has already run on it. */
  isUsed?: boolean
  /** The schema version before its first request; PL/pgSQL compiles functions once per session. */
  changes?: string | undefined
  idleTimer?: NodeJS.Timeout
}

const MAX_SESSIONS = 10
const IDLE_MS = 60_000
/** After this time at the latest, a changed or removed password stops working. */
const MAX_AGE_MS = 300_000

export class PasswordSessions {
  readonly #settings: SessionsSettings
  readonly #gate = new LoginGate()
  readonly #slots: Semaphore
  /** A random key, so that stored password hashes are useless outside this process. */
  readonly #hashKey = randomBytes(32)
  /** When Postgres last accepted these credentials. Until they expire, they skip the login gate. */
  readonly #proven = new LruMap<number>(1_000)
  readonly #outlived = new Outlived()
  readonly #overdue: Overdue
  readonly #idle: Session[] = []
  readonly #all = new Set<PostgresConnection>()
  #isClosed = false

  constructor(settings: SessionsSettings) {
    this.#settings = settings
    this.#overdue = new Overdue(settings)
    this.#slots = new Semaphore(MAX_SESSIONS, settings.queueLength, queueFull)
  }

  /** @throws ProxyError password_refused and others, or the cancellation's reason */
  async acquire(credentials: Credentials, cancellation: Cancellation): Promise<Session> {
    const key = this.#keyOf(credentials)
    if (!this.#isProven(key)) {
      this.#keep(await this.#gate.run(cancellation, () => this.#open(credentials, key)))
    }
    this.#outlived.refuse(credentials.role)
    await this.#slots.take(cancellation)
    try {
      this.#outlived.refuse(credentials.role)
      const idle = this.#takeIdle(key)
      if (idle !== undefined) return idle
      await this.#makeRoom()
      return await this.#open(credentials, key)
    } catch (error) {
      this.#slots.give()
      this.#proven.delete(key)
      throw error
    }
  }

  /**
   * Checks whether the schema has changed since the session's first request. This cannot be part of the
   * request, because VACUUM and others must run alone.
   * @returns the session, or a new one after a change; without a schema version always a new one
   */
  async renew(session: Session, credentials: Credentials, turn: Turn): Promise<Session> {
    const version = await readSchemaVersion(session.connection, turn)
    if (session.isUsed !== true) {
      session.isUsed = true
      session.changes = version?.changes
      return session
    }
    if (version !== undefined && version.changes === session.changes) return session
    await session.connection.close()
    return this.renew(await this.#open(credentials, session.key), credentials, turn)
  }

  /**
   * Resolves after the reset, so that the client's next request finds the session; or immediately, while
   * an abandoned statement is still running.
   */
  async release(session: Session): Promise<void> {
    const isIdle = session.connection.isOpen && session.connection.depth === 0
    const finished = this.#finish(session)
    if (isIdle) await finished
  }

  /** Closes all sessions, including those with running statements. */
  abort(): void {
    this.#isClosed = true
    for (const connection of this.#all) connection.destroy()
  }

  async #finish(session: Session): Promise<void> {
    const { connection } = session
    await connection.settled()
    if (connection.isOpen) await resetSession(connection)
    this.#keep(session)
    if (connection.isOpen) this.#slots.give()
    else
      void connection.close().then(() => {
        this.#slots.give()
      })
  }

  async #open(credentials: Credentials, key: string): Promise<Session> {
    const { role } = credentials
    if (!this.#settings.roles.has(role)) throw passwordRefused(role)
    const login = await loginByPassword(this.#settings, credentials)
    const connection = PostgresConnection.over(login, this.#settings.maxMessageBytes)
    this.#all.add(connection)
    connection.onClose = () => {
      this.#all.delete(connection)
      const session = this.#idle.find((idle) => idle.connection === connection)
      if (session !== undefined) void this.#retire(session)
    }
    connection.onOverdue = (first) => {
      this.#overdue.add(connection)
      if (first !== undefined) this.#outlived.add(first)
    }
    this.#proven.set(key, performance.now())
    return { connection, catalog: new TypeCatalog(), key, openedAt: performance.now() }
  }

  #keep(session: Session): void {
    const { connection, openedAt } = session
    const age = performance.now() - openedAt
    if (!connection.isReusable || this.#isClosed || age >= MAX_AGE_MS) {
      void connection.close()
      return
    }
    const end = () => {
      void this.#retire(session)
    }
    session.idleTimer = setTimeout(end, Math.min(IDLE_MS, MAX_AGE_MS - age)).unref()
    this.#idle.push(session)
    // Idle and busy sessions together must not exceed the limit.
    if (this.#all.size > MAX_SESSIONS && this.#idle[0]) void this.#retire(this.#idle[0])
  }

  /** Closes idle sessions to make room for a new one. */
  async #makeRoom(): Promise<void> {
    while (this.#all.size >= MAX_SESSIONS && this.#idle[0]) await this.#retire(this.#idle[0])
  }

  /** Closes an idle session; resolves when Postgres has closed it. */
  #retire(session: Session): Promise<void> {
    clearTimeout(session.idleTimer)
    const at = this.#idle.indexOf(session)
    if (at >= 0) this.#idle.splice(at, 1)
    return session.connection.close()
  }

  #takeIdle(key: string): Session | undefined {
    const at = this.#idle.findLastIndex(
      (session) => session.key === key && session.connection.isOpen,
    )
    const [session] = at < 0 ? [] : this.#idle.splice(at, 1)
    clearTimeout(session?.idleTimer)
    return session
  }

  #isProven(key: string): boolean {
    return performance.now() - (this.#proven.get(key) ?? -MAX_AGE_MS) < MAX_AGE_MS
  }

  #keyOf({ role, database, password, settings }: Credentials): string {
    const hash = createHmac('sha256', this.#hashKey)
    return hash
      .update(JSON.stringify([role, database, settings]))
      .update(password)
      .digest('base64')
  }
}

function queueFull(): ProxyError {
  return new ProxyError('queue_full', 'too many requests are waiting for Postgres; try again')
}
