/**
 * Decides who may take one of the last sessions:
 * - Statements on one table never hold all sessions, so a locked table blocks nothing else.
 * - Neither do statements that have not proven to be short; those on one table hold half at most.
 * - Users whose statements had to be cancelled lately hold a quarter together, and one of them half of
 *   that: their statements may keep a processor busy each, which the proxy and the others need, too.
 * - In a large pool, the last session is reserved for internal queries, such as readiness.
 */
import { Counts } from '../counts'
import type { User } from './shares'
import type { Wanted } from './fair-queue'

/** One in this many sessions is reserved from single tables and from unproven statements. */
const RESERVED = 4
/** With at least this many reserved sessions, one of them is for internal queries. */
const ENOUGH_RESERVED = 2
/** The least sessions for users whose statements were cancelled, however small the pool. */
const LEAST_STOPPED = 2

export type Applicant = Wanted & {
  readonly user: User
  /** A statement of the user's had to be cancelled lately. */
  readonly wasStopped?: boolean | undefined
}

export class Admission<S extends object> {
  readonly #size: number
  /** The most sessions for one table, and for all unproven statements together. */
  readonly #most: number
  /** The most sessions for unproven statements on one table. */
  readonly #mostUnproven: number
  /** The most sessions for users whose statements were cancelled lately. */
  readonly #mostStopped: number
  /** The most sessions for users. */
  readonly #forUsers: number
  readonly #held = new Map<S, Applicant>()
  /** Counts of all sessions, and of those with unproven statements. */
  readonly #all = new TableCounts()
  readonly #unproven = new TableCounts()
  #stopped = 0
  readonly #stoppedOf = new Counts<User>()

  constructor(size: number) {
    const reserved = Math.floor(size / RESERVED)
    this.#size = size
    this.#most = size - reserved
    this.#mostUnproven = Math.min(this.#most, Math.ceil(size / 2))
    this.#mostStopped = Math.max(LEAST_STOPPED, Math.ceil(size / RESERVED))
    this.#forUsers = reserved >= ENOUGH_RESERVED ? size - 1 : size
  }

  /** Counts a session until it is idle again or closed, even if its request has been given up. */
  lend(session: S, applicant: Applicant): void {
    this.end(session)
    this.#held.set(session, applicant)
    this.#count(applicant, 1)
  }

  end(session: S): void {
    const applicant = this.#held.get(session)
    if (applicant === undefined) return
    this.#held.delete(session)
    this.#count(applicant, -1)
  }

  /** @param inUse number of sessions in use */
  mayHave({ user, isProven, wasStopped, tables }: Applicant, inUse: number): boolean {
    if (user === undefined || this.#most === this.#size) return true
    if (wasStopped === true) {
      const mostOfUser = Math.ceil(this.#mostStopped / 2)
      const isFull = this.#stoppedOf.of(user) >= mostOfUser
      if (isFull || this.#stopped >= this.#mostStopped) return false
    }
    if (inUse < this.#mostUnproven) return true
    if (inUse >= this.#forUsers || this.#all.hasFull(tables, this.#most)) return false
    if (isProven === true) return true
    const isFull = this.#unproven.hasFull(tables, this.#mostUnproven)
    return this.#unproven.sessions < this.#most && !isFull
  }

  #count(applicant: Applicant, by: 1 | -1): void {
    const { user, isProven, wasStopped } = applicant
    this.#all.count(applicant, by)
    if (isProven !== true) this.#unproven.count(applicant, by)
    if (wasStopped !== true) return
    this.#stopped += by
    this.#stoppedOf.add(user, by)
  }
}

/** Counts busy sessions, in total and by table. */
class TableCounts {
  sessions = 0
  readonly #tables = new Counts<string>()

  count({ tables = [] }: Wanted, by: 1 | -1): void {
    this.sessions += by
    for (const table of tables) this.#tables.add(table, by)
  }

  hasFull(tables: readonly string[] = [], most: number): boolean {
    return tables.some((table) => this.#tables.of(table) >= most)
  }
}
