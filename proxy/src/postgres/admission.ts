/**
 * Decides who may take one of the last sessions:
 * - Statements on one table never hold all sessions, so a locked table blocks nothing else.
 * - Neither do statements that have not proven to be short; those on one table hold half at most.
 * - In a large pool, the last session is reserved for internal queries, such as readiness.
 */
import type { PostgresConnection } from './connection'
import type { User } from './shares'
import type { Wanted } from './fair-queue'

/** One in this many sessions is reserved from single tables and from unproven statements. */
const RESERVED = 4
/** With at least this many reserved sessions, one of them is for internal queries. */
const ENOUGH_RESERVED = 2

export type Applicant = Wanted & { readonly user: User }

export class Admission {
  readonly #size: number
  /** The most sessions for one table, and for all unproven statements together. */
  readonly #most: number
  /** The most sessions for unproven statements on one table. */
  readonly #mostUnproven: number
  /** The most sessions for users. */
  readonly #forUsers: number
  readonly #held = new Map<PostgresConnection, Wanted>()
  /** Counts of all sessions, and of those with unproven statements. */
  readonly #all = new TableCounts()
  readonly #unproven = new TableCounts()

  constructor(size: number) {
    const reserved = Math.floor(size / RESERVED)
    this.#size = size
    this.#most = size - reserved
    this.#mostUnproven = Math.min(this.#most, Math.ceil(size / 2))
    this.#forUsers = reserved >= ENOUGH_RESERVED ? size - 1 : size
  }

  /** Counts a session until it is idle again or closed, even if its request has been given up. */
  lend(session: PostgresConnection, wanted: Wanted): void {
    this.end(session)
    this.#held.set(session, wanted)
    this.#count(wanted, 1)
  }

  end(session: PostgresConnection): void {
    const wanted = this.#held.get(session)
    if (wanted === undefined) return
    this.#held.delete(session)
    this.#count(wanted, -1)
  }

  /** @param inUse number of sessions in use */
  mayHave({ user, isProven, tables }: Applicant, inUse: number): boolean {
    if (user === undefined || inUse < this.#mostUnproven || this.#most === this.#size) return true
    if (inUse >= this.#forUsers || this.#all.hasFull(tables, this.#most)) return false
    if (isProven === true) return true
    const isFull = this.#unproven.hasFull(tables, this.#mostUnproven)
    return this.#unproven.sessions < this.#most && !isFull
  }

  #count(wanted: Wanted, by: 1 | -1): void {
    this.#all.count(wanted, by)
    if (wanted.isProven !== true) this.#unproven.count(wanted, by)
  }
}

/** Counts busy sessions, in total and by table. */
class TableCounts {
  sessions = 0
  readonly #tables = new Map<string, number>()

  count({ tables = [] }: Wanted, by: 1 | -1): void {
    this.sessions += by
    for (const table of tables) {
      const count = (this.#tables.get(table) ?? 0) + by
      if (count === 0) this.#tables.delete(table)
      else this.#tables.set(table, count)
    }
  }

  hasFull(tables: readonly string[] = [], most: number): boolean {
    return tables.some((table) => (this.#tables.get(table) ?? 0) >= most)
  }
}
