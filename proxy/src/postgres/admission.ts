/**
 * Decides who may take one of the last sessions:
 * - Statements on one table never hold all sessions, so a locked table blocks nothing else.
 * - Statements that have not proven to be short hold a quarter, and those of one user half of that: each
 *   may keep a processor busy, which the proxy and short statements need, too.
 * - In a large pool, the last session is reserved for internal queries, such as readiness.
 */
import type { User } from './shares'
import type { Wanted } from './fair-queue'

/** One in this many sessions is reserved from single tables, or for unproven statements. */
const RESERVED = 4
/** The least sessions for unproven statements, however small the pool. */
const LEAST_UNPROVEN = 3
/** With at least this many reserved sessions, one of them is for internal queries. */
const ENOUGH_RESERVED = 2

export type Applicant = Wanted & { readonly user: User }

export class Admission<S extends object> {
  readonly #size: number
  /** The most sessions for one table. */
  readonly #most: number
  /** The most sessions for unproven statements. */
  readonly #mostUnproven: number
  /** The most sessions for users. */
  readonly #forUsers: number
  readonly #held = new Map<S, Applicant>()
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
