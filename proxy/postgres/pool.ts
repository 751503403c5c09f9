/**
 * Keeps a bounded number of sessions and a bounded queue before them; what is doubtful is closed.
 * No user holds more than half of the sessions, and those who hold least are served first. Quick
 * reads may follow others' on one session; a slow one holds them up for no more than a moment.
 */
import type { Cancellation } from '../cancellation'
import { ProxyError } from '../errors'
import { PostgresConnection } from './connection'
import { Followed } from './followed'
import type { Settings } from './login'
import { Shares, type User } from './shares'

export type PoolSettings = Settings & {
  readonly size: number
  readonly queueLength: number
  readonly maxMessageBytes: number
  /** What a new session is put through before it serves anybody. */
  readonly prepare?: (connection: PostgresConnection) => Promise<void>
}

/**
 * One core runs one proxy, which cannot keep more backends than these busy with quick reads; more of
 * them only take turns on the processor. Measured: see bench/results.md.
 */
const ENOUGH = 4

/**
 * At once. A login takes this process some milliseconds of its own (SCRAM), so that a pool filled in
 * one go left all requests waiting for as long as all its logins took.
 */
const MOST_OPENING = 2

type Waiter = {
  readonly user: User
  readonly give: (connection: PostgresConnection) => void
  readonly fail: (error: Error) => void
}

export class Pool {
  readonly #settings: PoolSettings
  readonly #idle: PostgresConnection[] = []
  readonly #all = new Set<PostgresConnection>()
  readonly #queue = new Set<Waiter>()
  readonly #shares: Shares<PostgresConnection>
  /** How many have each session that is in use; 0 while only given-up flights keep it busy. */
  readonly #leases = new Map<PostgresConnection, number>()
  readonly #followed = new Followed()
  /** With so many in use, quick reads follow instead of taking another. */
  readonly #enough: number
  #opening = 0
  #isClosed = false

  constructor(settings: PoolSettings) {
    this.#settings = settings
    this.#shares = new Shares(Math.ceil(settings.size / 2))
    this.#enough = Math.min(ENOUGH, Math.ceil(settings.size / 2))
  }

  /**
   * A session of one's own until it is released.
   * @param cancellation gives up the place in the queue
   * @param user whose share the session counts against
   * @param isQuick others may `follow` on it
   * @throws ProxyError queue_full, postgres_unreachable, or the cancellation's reason
   */
  async acquire(
    cancellation: Cancellation,
    user?: User,
    isQuick = false,
  ): Promise<PostgresConnection> {
    cancellation.throwIfCancelled()
    const mayHold = this.#shares.mayHold(user)
    // The one used last: its plans are warm, and the others may be needless.
    const idle = mayHold ? this.#idle.pop() : undefined
    if (idle !== undefined) return this.#lend(idle, user, isQuick)
    // Those for whom a session is yet to be opened do not count as a queue.
    const unopened = this.#settings.size - this.#all.size
    if (this.#queue.size - unopened >= this.#settings.queueLength) throw queueFull()
    return new Promise((resolve, reject) => {
      const leave = (reason: Error) => {
        waiter.fail(reason)
      }
      const settle = () => {
        cancellation.unlisten(leave)
        this.#queue.delete(waiter)
      }
      const waiter: Waiter = {
        user,
        give: (connection) => {
          settle()
          resolve(this.#lend(connection, user, isQuick))
        },
        fail: (error) => {
          settle()
          reject(error)
        },
      }
      cancellation.listen(leave)
      this.#queue.add(waiter)
      this.#openForQueue()
    })
  }

  /**
   * A session at work on quick reads, on which one more may be sent at once; it must be released
   * like one's own. None while others wait, while hardly any are in use, or when all are held up.
   * @param key of a statement that the session must know
   */
  follow(key: string): PostgresConnection | undefined {
    const inUse = this.#all.size - this.#idle.length
    const hasFree = this.#idle.length > 0 || this.#hasRoom()
    if (hasFree && inUse < this.#enough) return undefined
    // Whoever holds a whole share already waits for nobody but themselves.
    if (this.#queue.size > 0 && this.#shares.next(this.#queue) !== undefined) return undefined
    const found = this.#followed.find(key)
    if (found !== undefined) this.#leases.set(found, (this.#leases.get(found) ?? 0) + 1)
    return found
  }

  /**
   * @param isClean false when the statement may have left state behind: the session is reset first
   * @param follows when it came from `follow`
   */
  async release(
    connection: PostgresConnection,
    { isClean = true, follows = false }: { isClean?: boolean; follows?: boolean } = {},
  ): Promise<void> {
    if (!isClean && connection.isReusable) await reset(connection)
    if (!follows) this.#shares.letGo(connection)
    this.#leases.set(connection, (this.#leases.get(connection) ?? 1) - 1)
    this.#takeBack(connection)
  }

  /** Closes what is idle now and the rest as it is released. */
  close(): void {
    this.#isClosed = true
    for (const waiter of this.#queue) waiter.fail(new ProxyError('shutting_down', SHUTTING_DOWN))
    for (const connection of this.#idle.splice(0)) connection.destroy()
  }

  /** Ends running statements too. */
  abort(): void {
    this.close()
    for (const connection of this.#all) connection.abort()
  }

  #lend(connection: PostgresConnection, user: User, isQuick: boolean): PostgresConnection {
    this.#leases.set(connection, 1)
    if (isQuick) this.#followed.add(connection)
    return this.#shares.hold(connection, user)
  }

  /** Nobody has it any more, and nothing is under way that somebody gave up. */
  #takeBack(connection: PostgresConnection): void {
    if (this.#leases.get(connection) !== 0 || connection.depth > 0) return
    this.#leases.delete(connection)
    this.#followed.delete(connection)
    if (connection.isReusable && !this.#isClosed) this.#idle.push(connection)
    else connection.abort()
    this.#serveQueue()
  }

  #hasRoom(): boolean {
    return this.#all.size + this.#opening < this.#settings.size
  }

  #serveQueue(): void {
    while (this.#idle.length > 0) {
      const next = this.#shares.next(this.#queue)
      const connection = next && this.#idle.pop()
      if (connection === undefined) break
      next?.give(connection)
    }
    this.#openForQueue()
  }

  /** Opens a session if somebody waits who is not being opened one already. */
  #openForQueue(): void {
    if (!this.#hasRoom() || this.#opening >= MOST_OPENING) return
    if (this.#queue.size <= this.#opening) return
    if (this.#shares.next(this.#queue) === undefined) return
    this.#opening++
    void this.#open().finally(() => {
      this.#openForQueue()
    })
  }

  async #open(): Promise<void> {
    try {
      const { maxMessageBytes } = this.#settings
      const connection = await PostgresConnection.open(this.#settings, maxMessageBytes)
      // A session that could not be prepared, but can be used, only answers its first a bit later.
      await this.#settings.prepare?.(connection).catch(() => undefined)
      // One that ended meanwhile would never be missed.
      if (!connection.isReusable) throw new ProxyError('connection_lost', 'connection closed')
      this.#opening--
      this.#add(connection)
    } catch (error) {
      this.#opening--
      this.#refuse(error instanceof Error ? error : new Error('no connection'))
    }
  }

  /** One of those who wait; without any session, nobody could be served. */
  #refuse(error: Error): void {
    if (this.#all.size > 0) this.#shares.next(this.#queue)?.fail(error)
    else for (const waiter of this.#queue) waiter.fail(error)
  }

  #add(connection: PostgresConnection): void {
    this.#all.add(connection)
    this.#leases.set(connection, 0)
    connection.onIdle = () => {
      this.#takeBack(connection)
    }
    connection.onClose = () => {
      this.#all.delete(connection)
      this.#followed.delete(connection)
      const at = this.#idle.indexOf(connection)
      if (at >= 0) this.#idle.splice(at, 1)
      this.#openForQueue()
    }
    this.#takeBack(connection)
  }
}

/** @returns after a reset, or after the session was closed because that failed or took too long */
async function reset(connection: PostgresConnection): Promise<void> {
  const timer = setTimeout(() => {
    connection.abort()
  }, RESET_TIMEOUT_MS)
  await connection.reset().catch(() => {
    connection.destroy()
  })
  clearTimeout(timer)
}

const RESET_TIMEOUT_MS = 5_000
const SHUTTING_DOWN = 'the proxy is shutting down; try again'

function queueFull(): ProxyError {
  return new ProxyError('queue_full', 'too many requests are waiting for Postgres; try again', {
    hint: 'If it lasts, raise PROXY_POOL_SIZE or look for slow statements.',
  })
}
