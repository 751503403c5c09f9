/**
 * Decides who may have one of the last sessions. Statements on one table never hold all of them, so a
 * table that somebody has locked stops nothing else; statements that have not proven to end soon never
 * do either (of one table, no more than half); and in a large pool the last one is for the proxy's own questions, such as readiness.
 */
import type { PostgresConnection } from './connection'
import type { User } from './shares'
import type { Wanted } from './fair-queue'

/** One in so many sessions is beyond the reach of one table, and of statements that are not proven. */
const RESERVED = 4
/** From this number of reserved sessions on, one of them is the proxy's own. */
const ENOUGH_RESERVED = 2

export type Applicant = Wanted & { readonly user: User }

export class Admission {
  readonly #size: number
  /** Sessions that one table may have, or all statements that are not proven. */
  readonly #most: number
  /** Sessions that statements on one table may have that are not proven. */
  readonly #mostUnproven: number
  /** Sessions that users may have. */
  readonly #forUsers: number
  readonly #held = new Map<PostgresConnection, Wanted>()
  /** Of all sessions, and of those whose statements are not proven. */
  readonly #all = new TableCounts()
  readonly #unproven = new TableCounts()

  constructor(size: number) {
    const reserved = Math.floor(size / RESERVED)
    this.#size = size
    this.#most = size - reserved
    this.#mostUnproven = Math.min(this.#most, Math.ceil(size / 2))
    this.#forUsers = reserved >= ENOUGH_RESERVED ? size - 1 : size
  }

  /** Until it is idle again or closed, whoever has given up meanwhile. */
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

  /** @param inUse sessions at this moment */
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

/** How many sessions are at work, and how many of them on each table. */
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
