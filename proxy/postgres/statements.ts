/** The prepared statements of one connection: bounded, and closed in Postgres once forgotten here. */
import { LruMap } from '../lru'

const MAX_STATEMENTS = 200
const MAX_TOTAL_LENGTH = 1024 * 1024
/** A longer text is most likely a one-off with its values written out. */
const MAX_LENGTH = 16 * 1024
/** Unlike any name that an application might choose. */
const PREFIX = 'sql_proxy_'

export type Prepared = { readonly name: string; readonly isNew: boolean }

export class Statements {
  readonly #names = new LruMap<string>(MAX_STATEMENTS, MAX_TOTAL_LENGTH)
  readonly #toClose = new Set<string>()
  #fresh: string[] = []
  #count = 0

  /** @param key the SQL together with the role it is prepared under */
  prepare(key: string): Prepared {
    const known = this.#names.get(key)
    if (known !== undefined) return { name: known, isNew: false }
    if (key.length > MAX_LENGTH) return { name: '', isNew: true }
    const name = `${PREFIX}${++this.#count}`
    for (const evicted of this.#names.set(key, name, key.length)) this.#toClose.add(evicted)
    this.#fresh.push(key)
    return { name, isNew: true }
  }

  /** Names that Postgres may drop; to be closed at the start of the next flight. */
  takeToClose(): string[] {
    const names = [...this.#toClose]
    this.#toClose.clear()
    return names
  }

  /** The flight went through: what it prepared is there to stay. */
  keep(): void {
    this.#fresh = []
  }

  /** The flight failed somewhere: its new statements may or may not exist, so they are closed. */
  dropFresh(): void {
    for (const key of this.#fresh) {
      const name = this.#names.get(key)
      this.#names.delete(key)
      if (name !== undefined) this.#toClose.add(name)
    }
    this.#fresh = []
  }

  /** All are to be closed, because a plan no longer fits its tables. */
  dropAll(): void {
    for (const name of this.#names.clear()) this.#toClose.add(name)
    this.#fresh = []
  }

  /** Postgres has dropped them all by itself. */
  forgetAll(): void {
    this.#names.clear()
    this.#toClose.clear()
    this.#fresh = []
  }
}

/** Hides our names in Postgres' own messages, where a client of the unnamed statement expects "". */
export function hideStatementName(message: string): string {
  return message.replace(/prepared statement "sql_proxy_\d+"/, 'prepared statement ""')
}
