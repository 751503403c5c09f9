/**
 * A bounded connection pool with a bounded, fair queue. A session counts until Postgres has closed it.
 * Sessions in an unknown state are closed, never reused. No user holds more than half of the sessions,
 * and users who hold the fewest are served first. Quick reads can be pipelined on one session.
 */
import { within, type Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { Admission, type Applicant } from './admission'
import { PostgresConnection } from './connection'
import { whenGone, type Flight } from './flight'
import { Pipelining } from './pipelining'
import { Leases, MOMENT_MS } from './leases'
import type { Settings } from './login'
import { IdleSessions } from './idle-sessions'
import { isSilent, Overdue, SILENT_MS } from './overdue'
import { Outlived, stillRunning } from './outlived'
import { RecentlyStopped } from './recently-stopped'
import { resetSession, rollBackSession } from './reset-session'
import { Shares, type User } from './shares'
import { queueFull, FairQueue, type Waiter, type Wanted } from './fair-queue'

export type PoolSettings = Settings & {
  readonly size: number
  readonly queueLength: number
  readonly maxMessageBytes: number
  /** Age (± 10 %) after which a session is replaced when it is idle; by default never. */
  readonly maxAgeMs?: number
  /** Prepares a new session before it serves requests. */
  readonly prepare?: (connection: PostgresConnection) => Promise<void>
}

/**
 * A proxy process, which uses one core, cannot keep more backends than this busy with quick reads. More
 * of them would only take turns on the processor.
 */
const ENOUGH = 4

/**
 * The most logins at a time. A login takes some milliseconds of this process' CPU time (SCRAM), so
 * filling the whole pool at once delayed all requests until every login was done.
 */
const MOST_OPENING = 2

const PREPARE_MS = 5_000
/** Pause after Postgres has refused a login, for example because of `max_connections`. */
const PAUSE_MS = 1_000

/** How often to check for silent sessions. */
const WATCH_MS = 500
/** Postgres ends a session after this much silence; the pool probes idle ones every 5 seconds. */
const IDLE_SESSION_MS = 30_000
/** The smallest limit, even after many connections were lost. */
const LEAST_OPEN = 2

export class Pool {
  readonly #settings: PoolSettings
  readonly #idle = new IdleSessions()
  readonly #all = new Set<PostgresConnection>()
  readonly #shares: Shares<PostgresConnection>
  readonly #line: FairQueue
  readonly #leases = new Leases<PostgresConnection>()
  readonly #followed = new Pipelining()
  /** Sessions to replace when they are idle. */
  readonly #old = new WeakSet<PostgresConnection>()
  readonly #outlived = new Outlived()
  readonly #recentlyStopped = new RecentlyStopped()
  readonly #overdue: Overdue
  readonly #admission: Admission<PostgresConnection>
  /** With this many in use, quick reads are pipelined instead of taking another session. */
  readonly #enough: number
  readonly #watching: NodeJS.Timeout
  #opening = 0
  /** Lost sessions that Postgres may still count. */
  #lost = 0
  /** Postgres has just refused a login, but other sessions are in use. */
  #isPaused = false
  #isClosed = false
  /** Serves the queue when busy sessions are no longer new (see `Leases`). */
  #moment: NodeJS.Timeout | undefined

  constructor(settings: PoolSettings) {
    this.#settings = settings
    this.#overdue = new Overdue(settings)
    this.#shares = new Shares(Math.ceil(settings.size / 2))
    this.#line = new FairQueue(this.#shares)
    this.#admission = new Admission(settings.size)
    this.#watching = setInterval(() => {
      this.#watch()
    }, WATCH_MS).unref()
    this.#enough = Math.min(ENOUGH, Math.ceil(settings.size / 2))
  }

  /**
   * An exclusive session, until it is released.
   * @param cancellation leaves the queue
   * @param user the user whose share the session counts against
   * @throws ProxyError queue_full, shutting_down, statement_still_running, postgres_unreachable, or
   *   the cancellation's reason
   */
  async acquire(
    cancellation: Cancellation,
    user?: User,
    wanted: Wanted = {},
  ): Promise<PostgresConnection> {
    cancellation.throwIfCancelled()
    if (this.#isClosed) throw shuttingDown()
    this.#outlived.refuse(user)
    const { isQuick, isProven = user === undefined, tables } = wanted
    const wasStopped = user !== undefined && this.#recentlyStopped.has(user)
    const applicant = { user, isQuick, isProven: isProven && !wasStopped, wasStopped, tables }
    // Takes the most recently used one: its plans are warm, and unneeded sessions can age out.
    const mayHave =
      this.#shares.mayHold(user) &&
      this.#line.size === 0 &&
      !this.#leases.hasEnoughAtWork() &&
      this.#admission.mayHave(applicant, this.#inUse)
    const idle = mayHave ? this.#idle.take() : undefined
    if (idle !== undefined) return this.#lend(idle, applicant)
    // Waiters whose session is free or being opened do not count against the queue.
    const free = this.#settings.size - this.#inUse
    if (this.#line.size - free >= this.#settings.queueLength) throw queueFull()
    const session = this.#line.wait(cancellation, user, applicant)
    this.#serveLine()
    return session
  }

  /**
   * A session that is running quick reads, to pipeline one more. It must be released like an exclusive
   * one. None while others are queued, while few sessions are in use, or when all are stalled.
   * @param key of a statement that the session must have prepared
   * @param ms the time that the statement takes
   * @param user counts against this user's share like an exclusive session, because it may become one
   */
  follow(key: string, ms: number, user?: User): PostgresConnection | undefined {
    if (!this.#shares.mayHold(user) || this.#outlived.has(user)) return undefined
    const hasFree = this.#idle.size > 0 || this.#hasRoom()
    if (hasFree && this.#inUse < this.#enough) return undefined
    // Waiters that hold their whole share already do not count.
    if (this.#next() !== undefined) return undefined
    const found = this.#followed.find(key, ms)
    if (found === undefined) return undefined
    this.#leases.share(found)
    this.#shares.share(user, 1)
    return found
  }

  /**
   * An abandoned statement counts against its user's share until Postgres has finished it.
   * @param isClean false when the statement may have left state behind: the session is reset first
   * @param follower the user, if the session came from `follow`
   */
  async release(connection: PostgresConnection, isClean = true, follower?: User): Promise<void> {
    if (!isClean) await this.#reset(connection)
    if (follower === undefined) this.#shares.letGo(connection)
    else this.#shares.share(follower, -1)
    this.#leases.giveBack(connection)
    this.#takeBack(connection)
  }

  /**
   * Probes the idle sessions that were silent for `quietMs`, which serve no request during the probe,
   * and closes those that do not answer.
   */
  checkIdle(quietMs?: number): Promise<void> {
    return this.#idle.check((session) => {
      this.#leases.lend(session)
      this.#leases.giveBack(session)
    }, quietMs)
  }

  /** Replaces the given sessions as soon as they are idle. */
  retire(isOutdated: (connection: PostgresConnection) => boolean): void {
    for (const connection of [...this.#all]) {
      if (!isOutdated(connection)) continue
      this.#followed.delete(connection)
      this.#endWhenIdle(connection)
    }
  }

  /** Closes the pool, including sessions with running statements. */
  abort(): void {
    this.#isClosed = true
    clearInterval(this.#watching)
    this.#line.failAll(shuttingDown())
    for (const connection of this.#all) connection.destroy()
  }

  /** A silent session makes all others suspect, so idle ones are probed sooner. */
  #watch(): void {
    const silent = [...this.#all].filter(isSilent)
    for (const session of silent) this.#overdue.add(session)
    void this.checkIdle(silent.length > 0 ? SILENT_MS : undefined)
  }

  #lend(connection: PostgresConnection, applicant: Applicant): PostgresConnection {
    this.#leases.lend(connection)
    this.#admission.lend(connection, applicant)
    if (applicant.isQuick === true) this.#followed.add(connection)
    return this.#shares.hold(connection, applicant.user)
  }

  /** Takes a session back once it has no holder and no flight in progress. */
  #takeBack(connection: PostgresConnection): void {
    if (this.#leases.isOver(connection) && connection.depth === 0 && connection.isOpen) {
      if (connection.isInTransaction) {
        // A cancelled batch has left the transaction open. After the rollback, `onIdle` comes back here.
        void rollBackSession(connection)
        return
      }
      this.#leases.end(connection)
      this.#admission.end(connection)
      this.#followed.delete(connection)
      if (this.#isClosed) connection.destroy()
      else if (this.#old.has(connection) || connection.isFull) this.#replace(connection)
      else this.#idle.add(connection)
    }
    // Even if the session is still shared: its user may be entitled to another one now.
    this.#serveLine()
  }

  #startAging(connection: PostgresConnection): NodeJS.Timeout | undefined {
    const { maxAgeMs } = this.#settings
    if (maxAgeMs === undefined) return undefined
    const onMaxAge = () => {
      this.#endWhenIdle(connection)
    }
    // Spread, so that sessions are not replaced all at once.
    return setTimeout(onMaxAge, maxAgeMs * (0.9 + 0.2 * Math.random())).unref()
  }

  #endWhenIdle(connection: PostgresConnection): void {
    this.#old.add(connection)
    if (this.#idle.delete(connection)) this.#replace(connection)
  }

  /** Closes a session and opens its successor, so that no request waits for the login. */
  #replace(connection: PostgresConnection): void {
    void connection.close().then(() => {
      if (!this.#isClosed && this.#hasRoom() && this.#opening < MOST_OPENING) this.#openOne()
    })
  }

  /** A stopping session can be reset once its flights have landed. */
  async #reset(connection: PostgresConnection): Promise<void> {
    await connection.settled()
    if (connection.isOpen) await resetSession(connection)
  }

  /** Counts an abandoned flight against its user until it has ended. */
  #linger(flight: Flight): void {
    const { user } = flight.turn
    if (user === undefined) return
    this.#shares.share(user, 1)
    whenGone(flight, () => {
      this.#shares.share(user, -1)
    })
  }

  /** A statement has outlived its cancellation: its user gets no further session until it ends. */
  #onOutlived(flight: Flight): void {
    const { user } = flight.turn
    if (user === undefined) return
    this.#outlived.add(flight)
    this.#line.failUser(user, stillRunning())
  }

  /** The next waiter that may have one of the remaining sessions. */
  #next(): Waiter | undefined {
    if (this.#line.size === 0) return undefined
    const inUse = this.#inUse
    return this.#line.next((waiter) => this.#admission.mayHave(waiter, inUse))
  }

  #hasRoom(): boolean {
    const { size } = this.#settings
    // Lost sessions still exist in Postgres.
    const most = Math.min(size, Math.max(LEAST_OPEN, 2 * size - this.#lost))
    return this.#all.size + this.#opening < most
  }

  get #inUse(): number {
    return this.#all.size - this.#idle.size
  }

  #serveLine(): void {
    while (this.#idle.size > 0 && !this.#leases.hasEnoughAtWork()) {
      const next = this.#next()
      const connection = next && this.#idle.take()
      if (connection === undefined) break
      next?.give(this.#lend(connection, next))
    }
    this.#openForLine()
  }

  /** Opens a session if a waiter has none being opened for it. */
  #openForLine(): void {
    if (this.#next() === undefined) return
    if (this.#leases.hasEnoughAtWork()) {
      this.#moment ??= setTimeout(() => {
        this.#moment = undefined
        this.#serveLine()
      }, MOMENT_MS).unref()
      return
    }
    if (!this.#hasRoom() || this.#opening >= MOST_OPENING) return
    if (this.#isPaused && this.#all.size > 0) return
    if (this.#line.size <= this.#opening) return
    this.#openOne()
  }

  #openOne(): void {
    this.#opening++
    void this.#open().finally(() => {
      this.#openForLine()
    })
  }

  async #open(): Promise<void> {
    try {
      const { maxMessageBytes } = this.#settings
      const settings = { ...this.#settings, idleSessionMs: IDLE_SESSION_MS }
      const connection = await PostgresConnection.open(settings, maxMessageBytes)
      await this.#prepare(connection)
      this.#opening--
      this.#add(connection)
      if (!connection.isReusable) this.#onLoginFailed(connectionClosed())
    } catch (error) {
      this.#opening--
      this.#onLoginFailed(error instanceof Error ? error : new Error('no connection'))
    }
  }

  /** A failure is ignored: an unprepared session only answers its first statement a bit later. */
  async #prepare(connection: PostgresConnection): Promise<void> {
    const { prepare } = this.#settings
    if (prepare === undefined) return
    await within(PREPARE_MS, (cancellation) => {
      cancellation.listen(() => {
        void connection.close()
      })
      return prepare(connection)
    }).catch(() => undefined)
  }

  /** Other sessions will serve the queue. Without any, all waiters fail. */
  #onLoginFailed(error: Error): void {
    if (this.#all.size === 0) {
      this.#line.failAll(error)
      return
    }
    this.#isPaused = true
    setTimeout(() => {
      this.#isPaused = false
      this.#openForLine()
    }, PAUSE_MS).unref()
  }

  #countLost(): void {
    this.#lost++
    setTimeout(() => {
      this.#lost--
      this.#openForLine()
    }, IDLE_SESSION_MS).unref()
  }

  #add(connection: PostgresConnection): void {
    // It would never be removed, because its `onClose` has passed.
    if (connection.isClosed) return
    this.#all.add(connection)
    const aging = this.#startAging(connection)
    connection.onIdle = () => {
      this.#takeBack(connection)
    }
    connection.onLeft = (flight) => {
      this.#linger(flight)
    }
    connection.onStop = ({ turn }) => {
      if (turn.user !== undefined) this.#recentlyStopped.add(turn.user)
    }
    connection.onOverdue = (first) => {
      this.#overdue.add(connection)
      if (first !== undefined) this.#onOutlived(first)
    }
    connection.onClose = () => {
      clearTimeout(aging)
      this.#all.delete(connection)
      if (connection.isLost) this.#countLost()
      this.#admission.end(connection)
      this.#followed.delete(connection)
      if (this.#leases.isOver(connection)) this.#leases.end(connection)
      this.#idle.delete(connection)
      this.#serveLine()
    }
    this.#leases.lend(connection)
    this.#leases.giveBack(connection)
    this.#takeBack(connection)
  }
}

function connectionClosed(): ProxyError {
  return new ProxyError('connection_lost', 'connection closed')
}

function shuttingDown(): ProxyError {
  return new ProxyError('shutting_down', 'the proxy is shutting down; try again')
}
