/** The prepared statements of one connection: bounded, and closed in Postgres once forgotten here. */
import { LruMap } from '../lru-map'
import type { Field } from './messages'

const MAX_STATEMENTS = 200
const MAX_TOTAL_LENGTH = 1024 * 1024
/** A longer text is most likely a one-off with its values written out. */
const MAX_LENGTH = 16 * 1024
/** Unlike any name that an application might choose. */
const PREFIX = 'sql_proxy_'

export type Prepared = {
  readonly name: string
  /** Under which it is found again; undefined when it is not to be. */
  readonly key: string | undefined
  /** Postgres has parsed it. */
  isKept: boolean
  /**
   * What it returns, once Postgres has said so. That never changes: for a statement whose result
   * would differ, Postgres has an error (0A000, "cached plan must not change result type").
   */
  fields?: readonly Field[]
}

/** Parsed anew each time. */
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

  /** What is to be parsed now. */
  add(key: string | undefined): Prepared {
    if (key === undefined || key.length > MAX_LENGTH) {
      return { name: UNNAMED, key: undefined, isKept: false }
    }
    const prepared = { name: `${PREFIX}${++this.#count}`, key, isKept: false }
    for (const { name } of this.#prepared.set(key, prepared, key.length)) this.#toClose.add(name)
    return prepared
  }

  /** Names that Postgres may drop; to be closed at the start of the next flight. */
  takeToClose(): readonly string[] {
    if (this.#toClose.size === 0) return NONE
    const names = [...this.#toClose]
    this.#toClose.clear()
    return names
  }

  /** The flight went through: what it prepared is there to stay. */
  keep(flown: readonly Prepared[]): void {
    for (const prepared of flown) prepared.isKept = true
  }

  /** The flight failed somewhere: its new statements may or may not exist, so they are closed. */
  dropUnkept(flown: readonly Prepared[]): void {
    for (const prepared of flown) {
      if (prepared.isKept || prepared.key === undefined) continue
      if (this.#prepared.get(prepared.key) === prepared) this.#prepared.delete(prepared.key)
      this.#toClose.add(prepared.name)
    }
  }

  /** All are to be closed, because the schema has changed since they were parsed. */
  dropAll(): void {
    for (const { name } of this.#prepared.clear()) this.#toClose.add(name)
  }

  /** Postgres has dropped them all by itself. */
  forgetAll(): void {
    this.#prepared.clear()
    this.#toClose.clear()
  }
}

/** Hides our names in Postgres' own messages, where a client of the unnamed statement expects "". */
export function hideStatementName(message: string): string {
  return message.replace(/prepared statement "sql_proxy_\d+"/, 'prepared statement ""')
}
