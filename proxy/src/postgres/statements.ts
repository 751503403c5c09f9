/** A bounded cache of one connection's prepared statements. Evicted ones are closed in Postgres. */
import { LruMap } from '../lru-map'
import type { Field } from './messages'

const MAX_STATEMENTS = 200
const MAX_TOTAL_LENGTH = 1024 * 1024
/** A longer text is probably a one-off with inlined values. */
const MAX_LENGTH = 16 * 1024
/** A prefix that no application would choose. */
const PREFIX = 'sql_proxy_'

export type Prepared = {
  readonly name: string
  /** The key to find it by; undefined for a one-off. */
  readonly key: string | undefined
  /** Postgres has confirmed that it is prepared. */
  isKept: boolean
  /**
   * Its columns, once Postgres has described them. They never change: if the result would differ,
   * Postgres raises an error (0A000, "cached plan must not change result type").
   */
  fields?: readonly Field[]
}

/** The unnamed statement, which is parsed each time. */
const UNNAMED = ''
const NONE: readonly string[] = []

export class Statements {
  readonly #prepared = new LruMap<Prepared>(MAX_STATEMENTS, MAX_TOTAL_LENGTH)
  readonly #toClose = new Set<string>()
  #count = 0

  /** @param key the SQL together with the role it is prepared under */
  find(key: string | undefined): Prepared | undefined {
    return key === undefined ? undefined : this.#prepared.get(key)
  }

  /** A statement that is about to be parsed. */
  add(key: string | undefined): Prepared {
    if (key === undefined || key.length > MAX_LENGTH) {
      return { name: UNNAMED, key: undefined, isKept: false }
    }
    const prepared = { name: `${PREFIX}${++this.#count}`, key, isKept: false }
    for (const { name } of this.#prepared.set(key, prepared, key.length)) this.#toClose.add(name)
    return prepared
  }

  /** Names to close at the start of the next flight. */
  takeToClose(): readonly string[] {
    if (this.#toClose.size === 0) return NONE
    const names = [...this.#toClose]
    this.#toClose.clear()
    return names
  }

  /** After a successful flight, its statements stay prepared. */
  keep(flown: readonly Prepared[]): void {
    for (const prepared of flown) prepared.isKept = true
  }

  /** After a failed flight, its new statements may or may not exist, so they are closed. */
  dropUnkept(flown: readonly Prepared[]): void {
    for (const prepared of flown) {
      if (prepared.isKept || prepared.key === undefined) continue
      if (this.#prepared.get(prepared.key) === prepared) this.#prepared.delete(prepared.key)
      this.#toClose.add(prepared.name)
    }
  }

  /** Closes all statements, because the schema has changed since they were parsed. */
  dropAll(): void {
    for (const { name } of this.#prepared.clear()) this.#toClose.add(name)
  }

  /** Postgres has already dropped all of them. */
  forgetAll(): void {
    this.#prepared.clear()
    this.#toClose.clear()
  }
}

/** Replaces our statement names in Postgres' messages by "", as for an unnamed statement. */
export function hideStatementName(message: string): string {
  return message.replace(/prepared statement "sql_proxy_\d+"/, 'prepared statement ""')
}
