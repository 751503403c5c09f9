/**
 * Decides who may have one of the last sessions. Statements on one table never hold all of them, so a
 * table that somebody has locked stops nothing else; statements that have not proven to end soon never
 * do either (of one table, no more than half); and in a large pool the last one is for the proxy's own questions, such as readiness.
 */
import type { PostgresConnection } from './connection'
import type { User } from './shares'
import type { Wanted } from './waiting-line'

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

  constructor(size: number) {
    const reserved = Math.floor(size / RESERVED)
    this.#size = size
    this.#most = size - reserved
    this.#mostUnproven = Math.min(this.#most, Math.ceil(size / 2))
    this.#forUsers = reserved >= ENOUGH_RESERVED ? size - 1 : size
  }

  /** Until it is idle again or closed, whoever has given up meanwhile. */
  lend(session: PostgresConnection, wanted: Wanted): void {
    this.#held.set(session, wanted)
  }

  end(session: PostgresConnection): void {
    this.#held.delete(session)
  }

  /**
   * @param inUse sessions at this moment
   * @returns who may have one more; undefined: everyone
   */
  filter(inUse: number): ((applicant: Applicant) => boolean) | undefined {
    if (inUse < this.#mostUnproven || this.#most === this.#size) return undefined
    const all = new Full(this.#held.values(), this.#most)
    const unproven = new Full(this.#unproven(), this.#mostUnproven)
    return ({ user, isProven, tables }) => {
      if (user === undefined) return true
      if (inUse >= this.#forUsers || all.has(tables)) return false
      return isProven === true || (unproven.size < this.#most && !unproven.has(tables))
    }
  }

  #unproven(): readonly Wanted[] {
    return [...this.#held.values()].filter(({ isProven }) => isProven !== true)
  }
}

/** Tables that hold as many sessions as they may. */
class Full {
  /** Sessions that were counted. */
  readonly size: number
  readonly #tables: ReadonlySet<string>

  constructor(held: Iterable<Wanted>, most: number) {
    const counts = new Map<string, number>()
    let size = 0
    for (const { tables } of held) {
      size++
      for (const table of tables ?? []) counts.set(table, (counts.get(table) ?? 0) + 1)
    }
    this.size = size
    const full = [...counts].filter(([, count]) => count >= most)
    this.#tables = new Set(full.map(([table]) => table))
  }

  has(tables: readonly string[] = []): boolean {
    return tables.some((table) => this.#tables.has(table))
  }
}
