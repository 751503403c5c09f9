/**
 * Decides who may have one of the last sessions. Statements on one table never hold all of them, so a
 * locked table stops nothing else. Statements that are not known to end soon hold a quarter at most: they
 * may keep a processor busy each, and the proxy and quick statements need some, too. No user holds more
 * than half of that quarter. In a large pool the
 * last session is for the proxy's own questions, such as readiness.
 */
import type { PostgresConnection } from './connection'
import type { User } from './shares'
import type { Wanted } from './fair-queue'

/** One in so many sessions is beyond the reach of one table, or for statements that are not proven. */
const RESERVED = 4
/** Of sessions for statements that are not proven, however small the pool. */
const LEAST_UNPROVEN = 3
/** From this number of reserved sessions on, one of them is the proxy's own. */
const ENOUGH_RESERVED = 2

export type Applicant = Wanted & { readonly user: User }

export class Admission {
  readonly #size: number
  /** Sessions that one table may have. */
  readonly #most: number
  /** Sessions that statements may have that are not proven. */
  readonly #mostUnproven: number
  /** Sessions that users may have. */
  readonly #forUsers: number
  readonly #held = new Map<PostgresConnection, Applicant>()
  /** How many of them are at work on each table. */
  readonly #tables = new Map<string, number>()
  #unproven = 0
  readonly #unprovenOf = new Map<User, number>()

  constructor(size: number) {
    const reserved = Math.floor(size / RESERVED)
    this.#size = size
    this.#most = size - reserved
    this.#mostUnproven = Math.min(this.#most, Math.max(LEAST_UNPROVEN, Math.ceil(size / RESERVED)))
    this.#forUsers = reserved >= ENOUGH_RESERVED ? size - 1 : size
  }

  /** Until it is idle again or closed, whoever has given up meanwhile. */
  lend(session: PostgresConnection, applicant: Applicant): void {
    this.end(session)
    this.#held.set(session, applicant)
    this.#count(applicant, 1)
  }

  end(session: PostgresConnection): void {
    const applicant = this.#held.get(session)
    if (applicant === undefined) return
    this.#held.delete(session)
    this.#count(applicant, -1)
  }

  /** @param inUse sessions at this moment */
  mayHave({ user, isProven, tables }: Applicant, inUse: number): boolean {
    if (user === undefined || this.#most === this.#size) return true
    if (inUse >= this.#forUsers || (inUse >= this.#most && this.#hasFull(tables))) return false
    if (isProven === true) return true
    const mostOfUser = Math.ceil(this.#mostUnproven / 2)
    return this.#unproven < this.#mostUnproven && (this.#unprovenOf.get(user) ?? 0) < mostOfUser
  }

  #hasFull(tables: readonly string[] = []): boolean {
    return tables.some((table) => (this.#tables.get(table) ?? 0) >= this.#most)
  }

  #count({ user, isProven, tables = [] }: Applicant, by: 1 | -1): void {
    for (const table of tables) add(this.#tables, table, by)
    if (isProven === true || user === undefined) return
    this.#unproven += by
    add(this.#unprovenOf, user, by)
  }
}

function add<K>(counts: Map<K, number>, key: K, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
