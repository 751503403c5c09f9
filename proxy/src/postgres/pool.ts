/**
 * A bounded connection pool with a bounded, fair queue. A session counts until Postgres has closed it;
 * one in an unknown state is closed, never reused. No user holds more than half of the sessions, and those who hold least are served first. Quick
 * reads may follow others' on one session; a slow one holds them up for no more than a moment.
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
  /** Milliseconds after which a session is replaced, 10 % more or less, as soon as it is idle; never by default. */
  readonly maxAgeMs?: number
  /** What a new session is put through before it serves anybody. */
  readonly prepare?: (connection: PostgresConnection) => Promise<void>
}

/**
 * One core runs one proxy, which cannot keep more backends than these busy with quick reads; more of
 * them only take turns on the processor.
 */
const ENOUGH = 4

/**
 * At once. A login takes this process some milliseconds of its own (SCRAM), so that a pool filled in
 * one go left all requests waiting for as long as all its logins took.
 */
const MOST_OPENING = 2

const PREPARE_MS = 5_000
/** Before a login is tried again that Postgres refused, such as one beyond its `max_connections`. */
const PAUSE_MS = 1_000

/** How often sessions are looked at that say nothing. */
const WATCH_MS = 500
/** Postgres ends a session that it has not heard from for so long; the pool says something every 5 seconds. */
const IDLE_SESSION_MS = 30_000
/** However many sessions the network has lost lately. */
const LEAST_OPEN = 2

export class Pool {
  readonly #settings: PoolSettings
  readonly #idle = new IdleSessions()
  readonly #all = new Set<PostgresConnection>()
  readonly #shares: Shares<PostgresConnection>
  readonly #line: FairQueue
  readonly #leases = new Leases<PostgresConnection>()
  readonly #followed = new Pipelining()
  /** To be replaced when they are idle. */
  readonly #old = new WeakSet<PostgresConnection>()
  readonly #outlived = new Outlived()
  readonly #recentlyStopped = new RecentlyStopped()
  readonly #overdue: Overdue
  readonly #admission: Admission
  /** With so many in use, quick reads follow instead of taking another. */
  readonly #enough: number
  readonly #watching: NodeJS.Timeout
  #opening = 0
  /** Sessions that Postgres may not know to be lost. */
  #lost = 0
  /** Postgres has just refused a login, and others are in use. */
  #isPaused = false
  #isClosed = false
  /** Until those at work may have been so for a moment. */
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
   * A session of one's own until it is released.
   * @param cancellation gives up the place in the queue
   * @param user whose share the session counts against
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
    const { isQuick, tables } = wanted
    const applicant = { user, isQuick, isProven: this.#isProven(user, wanted), tables }
    // The one used last: its plans are warm, and the others may be needless.
    const mayHave =
      this.#shares.mayHold(user) &&
      this.#line.size === 0 &&
      !this.#leases.hasEnoughAtWork() &&
      this.#admission.mayHave(applicant, this.#inUse)
    const idle = mayHave ? this.#idle.take() : undefined
    if (idle !== undefined) return this.#lend(idle, applicant)
    // Those for whom there is a session, or will be, do not count as a queue.
    const free = this.#settings.size - this.#inUse
    if (this.#line.size - free >= this.#settings.queueLength) throw queueFull()
    const session = this.#line.wait(cancellation, user, applicant)
    this.#serveLine()
    return session
  }

  /**
   * A session at work on quick reads, on which one more may be sent at once; it must be released
   * like one's own. None while others wait, while hardly any are in use, or when all are held up.
   * @param key of a statement that the session must know
   * @param ms that the statement takes
   * @param user whose share it counts against like a session of their own, for it may become one
   */
  follow(key: string, ms: number, user?: User): PostgresConnection | undefined {
    if (!this.#shares.mayHold(user) || this.#outlived.has(user)) return undefined
    const hasFree = this.#idle.size > 0 || this.#hasRoom()
    if (hasFree && this.#inUse < this.#enough) return undefined
    // Whoever holds a whole share already waits for nobody but themselves.
    if (this.#next() !== undefined) return undefined
    const found = this.#followed.find(key, ms)
    if (found === undefined) return undefined
    this.#leases.share(found)
    this.#shares.share(user, 1)
    return found
  }

  /**
   * What is still under way of a statement that was given up counts against its user's share until
   * Postgres is through with it.
   * @param isClean false when the statement may have left state behind: the session is reset first
   * @param follower the user, when it came from `follow`
   */
  async release(connection: PostgresConnection, isClean = true, follower?: User): Promise<void> {
    if (!isClean) await this.#reset(connection)
    if (follower === undefined) this.#shares.letGo(connection)
    else this.#shares.share(follower, -1)
    this.#leases.giveBack(connection)
    this.#takeBack(connection)
  }

  /**
   * Asks the idle sessions that were silent for so many milliseconds, none of which is given out
   * meanwhile; those that do not answer are closed.
   */
  checkIdle(quietMs?: number): Promise<void> {
    return this.#idle.check((session) => {
      this.#leases.lend(session)
      this.#leases.giveBack(session)
    }, quietMs)
  }

  /** Sessions for which it is true serve nobody after what they run now; others take their places. */
  retire(isOutdated: (connection: PostgresConnection) => boolean): void {
    for (const connection of [...this.#all]) {
      if (!isOutdated(connection)) continue
      this.#followed.delete(connection)
      this.#endWhenIdle(connection)
    }
  }

  /** Ends running statements too, and gives out no session from now on. */
  abort(): void {
    this.#isClosed = true
    clearInterval(this.#watching)
    this.#line.failAll(shuttingDown())
    for (const connection of this.#all) connection.destroy()
  }

  /** One session on which nothing comes back makes all others suspect. */
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

  /** Once nobody has it any more, and nothing is under way that somebody gave up. */
  #takeBack(connection: PostgresConnection): void {
    if (this.#leases.isOver(connection) && connection.depth === 0 && connection.isOpen) {
      if (connection.isInTransaction) {
        // Left open by a batch that was cancelled; the session is idle again after that.
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
    // Also while others follow there: whose share it was may have another.
    this.#serveLine()
  }

  #startAging(connection: PostgresConnection): NodeJS.Timeout | undefined {
    const { maxAgeMs } = this.#settings
    if (maxAgeMs === undefined) return undefined
    const onMaxAge = () => {
      this.#endWhenIdle(connection)
    }
    // Not all at once.
    return setTimeout(onMaxAge, maxAgeMs * (0.9 + 0.2 * Math.random())).unref()
  }

  #endWhenIdle(connection: PostgresConnection): void {
    this.#old.add(connection)
    if (this.#idle.delete(connection)) this.#replace(connection)
  }

  /** Opens the next one at once, so that no request has to wait for the login. */
  #replace(connection: PostgresConnection): void {
    void connection.close().then(() => {
      if (!this.#isClosed && this.#hasRoom() && this.#opening < MOST_OPENING) this.#openOne()
    })
  }

  /** One that is being stopped can be reset once what it ran has ended. */
  async #reset(connection: PostgresConnection): Promise<void> {
    await connection.settled()
    if (connection.isOpen) await resetSession(connection)
  }

  /** A statement that was given up, and is still under way. */
  #linger(flight: Flight): void {
    const { user } = flight.turn
    if (user === undefined) return
    this.#shares.share(user, 1)
    whenGone(flight, () => {
      this.#shares.share(user, -1)
    })
  }

  #isProven(user: User, { isProven = false }: Wanted): boolean {
    return user === undefined || (isProven && !this.#recentlyStopped.has(user))
  }

  /** A statement has outlived its cancellation: its user gets no further session meanwhile. */
  #onOutlived(flight: Flight): void {
    const { user } = flight.turn
    if (user === undefined) return
    this.#outlived.add(flight)
    this.#line.failUser(user, stillRunning())
  }

  /** Whose turn it is, now that there are as few sessions left as there are. */
  #next(): Waiter | undefined {
    if (this.#line.size === 0) return undefined
    const inUse = this.#inUse
    return this.#line.next((waiter) => this.#admission.mayHave(waiter, inUse))
  }

  #hasRoom(): boolean {
    const { size } = this.#settings
    // Those that the network has lost are still there in Postgres.
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

  /** Opens a session if somebody waits who is not being opened one already. */
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

  /** One that could not be prepared, but can be used, only answers its first statement a bit later. */
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

  /** Those who wait are served by the sessions that there are; without any, nobody could be. */
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
    // One that has ended meanwhile would never be missed.
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
