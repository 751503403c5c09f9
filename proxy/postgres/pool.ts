/**
 * Keeps a bounded number of sessions and a bounded queue before them; what is doubtful is closed.
 * No user holds more than half of the sessions, and those who hold least are served first. Quick
 * reads may follow others' on one session; a slow one holds them up for no more than a moment.
 */
import { within, type Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { PostgresConnection } from './connection'
import { Followed } from './followed'
import { Leases, MOMENT_MS } from './leases'
import type { Settings } from './login'
import { resetSession } from './reset-session'
import { Shares, type User } from './shares'
import { queueFull, WaitingLine } from './waiting-line'

export type PoolSettings = Settings & {
  readonly size: number
  readonly queueLength: number
  readonly maxMessageBytes: number
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

export class Pool {
  readonly #settings: PoolSettings
  readonly #idle: PostgresConnection[] = []
  readonly #all = new Set<PostgresConnection>()
  readonly #shares: Shares<PostgresConnection>
  readonly #line: WaitingLine
  readonly #leases = new Leases<PostgresConnection>()
  readonly #followed = new Followed()
  /** With so many in use, quick reads follow instead of taking another. */
  readonly #enough: number
  #opening = 0
  /** Postgres has just refused a login, and others are in use. */
  #isPaused = false
  #isClosed = false
  /** Until those at work may have been so for a moment. */
  #moment: NodeJS.Timeout | undefined

  constructor(settings: PoolSettings) {
    this.#settings = settings
    this.#shares = new Shares(Math.ceil(settings.size / 2))
    this.#line = new WaitingLine(this.#shares)
    this.#enough = Math.min(ENOUGH, Math.ceil(settings.size / 2))
  }

  /**
   * A session of one's own until it is released.
   * @param cancellation gives up the place in the queue
   * @param user whose share the session counts against
   * @param isQuick others may `follow` on it
   * @throws ProxyError queue_full, shutting_down, postgres_unreachable, or the cancellation's reason
   */
  async acquire(
    cancellation: Cancellation,
    user?: User,
    isQuick = false,
  ): Promise<PostgresConnection> {
    cancellation.throwIfCancelled()
    if (this.#isClosed) throw shuttingDown()
    // The one used last: its plans are warm, and the others may be needless.
    const mayHave =
      this.#shares.mayHold(user) && this.#line.size === 0 && !this.#leases.hasEnoughAtWork()
    const idle = mayHave ? this.#idle.pop() : undefined
    if (idle !== undefined) return this.#lend(idle, user, isQuick)
    // Those for whom there is a session, or will be, do not count as a queue.
    const free = this.#settings.size - this.#inUse
    if (this.#line.size - free >= this.#settings.queueLength) throw queueFull()
    const session = this.#line.wait(cancellation, user, isQuick)
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
    if (!this.#shares.mayHold(user)) return undefined
    const hasFree = this.#idle.length > 0 || this.#hasRoom()
    if (hasFree && this.#inUse < this.#enough) return undefined
    // Whoever holds a whole share already waits for nobody but themselves.
    if (this.#line.next() !== undefined) return undefined
    const found = this.#followed.find(key, ms)
    if (found === undefined) return undefined
    this.#leases.share(found)
    this.#shares.share(user, 1)
    return found
  }

  /**
   * @param isClean false when the statement may have left state behind: the session is reset first
   * @param follower the user, when it came from `follow`
   */
  async release(
    connection: PostgresConnection,
    { isClean = true, follower }: { isClean?: boolean; follower?: User } = {},
  ): Promise<void> {
    if (!isClean && connection.isReusable) await resetSession(connection)
    if (follower === undefined) this.#shares.letGo(connection)
    else this.#shares.share(follower, -1)
    this.#leases.giveBack(connection)
    this.#takeBack(connection)
  }

  /** Ends running statements too, and gives out no session from now on. */
  abort(): void {
    this.#isClosed = true
    this.#line.failAll(shuttingDown())
    for (const connection of this.#all) connection.abort()
  }

  #lend(connection: PostgresConnection, user: User, isQuick: boolean): PostgresConnection {
    this.#leases.lend(connection)
    if (isQuick) this.#followed.add(connection)
    return this.#shares.hold(connection, user)
  }

  /** Once nobody has it any more, and nothing is under way that somebody gave up. */
  #takeBack(connection: PostgresConnection): void {
    if (this.#leases.isOver(connection) && connection.depth === 0) {
      this.#leases.end(connection)
      this.#followed.delete(connection)
      if (connection.isReusable && !this.#isClosed) this.#idle.push(connection)
      else connection.abort()
    }
    // Also while others follow there: whose share it was may have another.
    this.#serveLine()
  }

  #hasRoom(): boolean {
    return this.#all.size + this.#opening < this.#settings.size
  }

  get #inUse(): number {
    return this.#all.size - this.#idle.length
  }

  #serveLine(): void {
    while (this.#idle.length > 0 && !this.#leases.hasEnoughAtWork()) {
      const next = this.#line.next()
      const connection = next && this.#idle.pop()
      if (connection === undefined) break
      next?.give(this.#lend(connection, next.user, next.isQuick))
    }
    this.#openForLine()
  }

  /** Opens a session if somebody waits who is not being opened one already. */
  #openForLine(): void {
    if (this.#line.next() === undefined) return
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
    this.#opening++
    void this.#open().finally(() => {
      this.#openForLine()
    })
  }

  async #open(): Promise<void> {
    try {
      const { maxMessageBytes } = this.#settings
      const connection = await PostgresConnection.open(this.#settings, maxMessageBytes)
      await this.#prepare(connection)
      // One that ended meanwhile would never be missed.
      if (!connection.isReusable) throw new ProxyError('connection_lost', 'connection closed')
      this.#opening--
      this.#add(connection)
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
        connection.abort()
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

  #add(connection: PostgresConnection): void {
    this.#all.add(connection)
    connection.onIdle = () => {
      this.#takeBack(connection)
    }
    connection.onClose = () => {
      this.#all.delete(connection)
      this.#followed.delete(connection)
      if (this.#leases.isOver(connection)) this.#leases.end(connection)
      const at = this.#idle.indexOf(connection)
      if (at >= 0) this.#idle.splice(at, 1)
      this.#openForLine()
    }
    this.#leases.lend(connection)
    this.#leases.giveBack(connection)
    this.#takeBack(connection)
  }
}

function shuttingDown(): ProxyError {
  return new ProxyError('shutting_down', 'the proxy is shutting down; try again')
}
